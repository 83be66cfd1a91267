"""What every environment shares. The environment is read here, through config.env; dev, test and prod only adjust."""

import mimetypes
from datetime import timedelta
from pathlib import Path

import django_stubs_ext
import environ
from django.utils.translation import gettext_lazy as _

from config import env, valkey

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env.text("LUOSHI_VAR", str(BASE_DIR / "var")))

INSTALLED_APPS = [
    "config.checks.ConfigApp",
    "projects.apps.ProjectsConfig",
    "tracker.apps.TrackerConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "tracker.admin.apps.LuoshiAdminConfig",
    "axes",
    "rest_framework",
    "knox",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.RequestIdMiddleware",
    "config.middleware.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
SITE_URL = env.text("LUOSHI_SITE_URL", "http://127.0.0.1:8000")

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tracker.web.context.site",
            ],
            "builtins": ["django.templatetags.i18n", "tracker.templatetags.luoshi"],
        },
    },
]

# --- Data. SQLite for first contact, PostgreSQL through DATABASE_URL in production.
DATABASE_URL = env.text("DATABASE_URL", f"sqlite:///{VAR_DIR / 'luoshi.sqlite3'}")
DATABASES = {"default": environ.Env.db_url_config(DATABASE_URL)}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
DATABASES["default"]["CONN_MAX_AGE"] = env.number("LUOSHI_CONN_MAX_AGE", default=600)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE takes the write lock at BEGIN, so two writers wait for each other instead of failing half-way.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"].setdefault("OPTIONS", {})["connect_timeout"] = 5
    DATABASES["default"]["OPTIONS"].setdefault("options", "-c lock_timeout=20s")  # as long as SQLite waits
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis or Valkey. Unset: the embedded Valkey that the supervisor starts on a unix socket.
VALKEY_SOCKET = valkey.socket_path(VAR_DIR)
REDIS_URL = env.text("REDIS_URL", "")
CACHE_URL = REDIS_URL or f"unix://{VALKEY_SOCKET}?db=1"
BROKER_URL = REDIS_URL or f"redis+socket://{VALKEY_SOCKET}?virtual_host=0"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": "luoshi",
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 5},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- People
AUTH_USER_MODEL = "tracker.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "overview"
LOGOUT_REDIRECT_URL = "login"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

# --- Language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["config.formats"]

# --- Static files
STATIC_URL = "/static/"
STATIC_ROOT = env.text("LUOSHI_STATIC_ROOT", str(VAR_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
mimetypes.add_type("text/javascript", ".js", True)

# --- Uploads (the ledger, evidence): judged before they are read. Small requests stay in memory, larger ones are
# streamed to a temporary file that never grows beyond what is taken.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "config.uploads.CappedFileUploadHandler",
]
LEDGER_MAX_BYTES = 10 * 1024 * 1024
EVIDENCE_DIR = Path(env.text("LUOSHI_EVIDENCE_DIR", str(VAR_DIR / "evidence")))
EVIDENCE_MEGABYTES = env.number("LUOSHI_EVIDENCE_MB", default=20)
UPLOAD_MAX_BYTES = max(LEDGER_MAX_BYTES, EVIDENCE_MEGABYTES * 1024 * 1024)
# The Word template of supervision slips; the office may put its own in this place.
SLIP_TEMPLATE = env.text("LUOSHI_SLIP_TEMPLATE", str(BASE_DIR / "tracker" / "data" / "slips" / "slip.docx"))
IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_SKIP_ADMIN_LOG = True

# --- REST
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["knox.auth.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "tracker.api.errors.handle",
    "UNAUTHENTICATED_USER": None,
    # Generous: they stop a runaway script, not a busy client. Counted per person and per address; attempts to sign in
    # are counted once more.
    "DEFAULT_THROTTLE_RATES": {
        "user": env.rate("LUOSHI_API_RATE", default="60000/min"),
        "address": env.rate("LUOSHI_API_ADDRESS_RATE", default="120000/min"),
        "signin": env.rate("LUOSHI_SIGNIN_RATE", default="60/min"),
    },
    # How many proxies of our own stand before the site; only their part of X-Forwarded-For is believed.
    "NUM_PROXIES": env.number("LUOSHI_PROXY_COUNT", default=0),
}
API_MAX_BYTES = 1024 * 1024
REST_KNOX = {
    "TOKEN_TTL": timedelta(days=env.number("LUOSHI_TOKEN_DAYS", default=30)),
    "AUTO_REFRESH": False,
}
KNOX_TOKEN_MODEL = "knox.AuthToken"  # noqa: S105  # a model's name, asked for by Django
TOKENS_PER_PERSON = 20
SPECTACULAR_SETTINGS = {
    "TITLE": "Luoshi API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # The page calls with the reader's session; tracker.api.authentication.DocsSession says when that counts.
    "SWAGGER_UI_SETTINGS": """{
        deepLinking: true,
        validatorUrl: null,
        requestInterceptor: (request) => {
            const sent = (document.cookie.match(/(?:^|; )csrftoken=([^;]*)/) || ["", ""])[1];
            request.headers["X-Luoshi-Docs"] = "1";
            if (request.method && request.method !== "GET") request.headers["X-CSRFToken"] = sent;
            return request;
        },
    }""",
    "ENUM_NAME_OVERRIDES": {
        "AnswerState": "tracker.choices.AnswerState",
        "ExtensionState": "tracker.choices.ExtensionState",
        "BlockerCategory": "tracker.choices.BlockerCategory",
        "VerificationMethod": "tracker.choices.VerificationMethod",
        "VerificationFinding": "tracker.choices.VerificationFinding",
        "Health": "tracker.choices.Health",
        "Kind": "tracker.choices.Kind",
        "SlipLevel": "tracker.choices.SlipLevel",
        "SlipState": "tracker.choices.SlipState",
        "Stage": "tracker.choices.Stage",
        "ReportState": "tracker.choices.ReportState",
        "Role": "tracker.choices.Role",
        "DepartmentKind": "tracker.choices.DepartmentKind",
        "DueBasis": "tracker.choices.DueBasis",
        "ProgressBasis": "tracker.choices.ProgressBasis",
        "Involvement": "tracker.choices.Involvement",
        "Comparator": "tracker.choices.Comparator",
        "Ask": "tracker.choices.Ask",
        "Audience": "tracker.choices.Audience",
        "MessageState": "tracker.choices.MessageState",
        "ReminderOccasion": "tracker.choices.ReminderOccasion",
        "DeskAudience": "tracker.api.desk.outputs.AUDIENCES",
        "DeskItemKind": "tracker.api.desk.outputs.KINDS",
        "DepartmentPart": "tracker.api.owners.outputs.PARTS",
        "WaitingKind": "tracker.api.figures.outputs.WAITING",
        "QuestionKind": "tracker.api.figures.outputs.QUESTIONS",
        "Show": "tracker.queries.inbox.Show",
        "ClauseCoverage": "tracker.api.decisions.outputs.COVERED",
        "EventKind": "tracker.event_kinds.EventKind",
        "HandoverKind": "tracker.choices.HandoverKind",
        "Direction": "projects.choices.Direction",
        "Frequency": "projects.choices.Frequency",
        "ReportCycle": "tracker.models.plans.ReportCycle",
        "InitiativeKind": "projects.choices.InitiativeKind",
        "GradeEnum": "projects.choices.Grade",
        "StepEnum": "projects.choices.DesignationStep",
        "RemovedOutputKindEnum": "tracker.models.sync.NoteSubject",
        "ProjectStage": "projects.choices.ProjectStage",
        "ChannelKind": "tracker.choices.ChannelKind",
        "InformationOccasion": "tracker.api.preferences.inputs.INFORMATION",
        "WhyLater": "tracker.api.lifecycle.outputs.WHYS",
    },
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,  # the hook below describes them in both languages
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "tracker.api.document.enums_in_both_languages",
        "tracker.api.document.with_examples",
        "tracker.api.document_headers.with_headers",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "OAS_VERSION": "3.1.0",
}

# --- Mail
EMAIL_BACKEND = env.text("LUOSHI_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = env.text("LUOSHI_EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("LUOSHI_EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.text("LUOSHI_EMAIL_USER", "")
EMAIL_USE_TLS = env.flag("LUOSHI_EMAIL_TLS", default=False)
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.text("LUOSHI_EMAIL_FROM", "luoshi@localhost")
EMAIL_FILE_PATH = env.text("LUOSHI_EMAIL_FOLDER", str(VAR_DIR / "mail"))  # of the back end that writes files

# --- Channels (docs/channels.md). Their addresses and secrets are encrypted with this key, else with SECRET_KEY.
CHANNEL_KEY = env.text("LUOSHI_CHANNEL_KEY", "")
CHANNEL_KEY_OLD = env.text("LUOSHI_CHANNEL_KEY_OLD", "")
# Seconds: until a server takes the connection, until it says the next word, for the whole of one message.
CHANNEL_TIMEOUTS = {"connect": 5.0, "read": 10.0, "total": 20.0}
# 企业微信 and 钉钉 take 20 messages a minute from one robot, and shut it out for a while after that; 0: no pause.
ROBOT_MESSAGES_A_MINUTE = env.number("LUOSHI_ROBOT_MESSAGES_A_MINUTE", default=20)
# A claim on a reminder older than this is taken to be a dead worker's; it must outlast the sending of one message.
REMINDER_CLAIM_SECONDS = env.number("REMINDER_CLAIM_SECONDS", default=300)

# --- Security that holds everywhere
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
ALLOWED_HOSTS = env.items("LUOSHI_ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.items("LUOSHI_TRUSTED_ORIGINS")
CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"event": {"()": "config.logs.EventFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "event"}},
    "root": {"handlers": ["console"], "level": env.text("LUOSHI_LOG_LEVEL", "INFO")},
    "loggers": {"django.server": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}
