"""The test suite: fast hashing, mail kept in memory, a cache that needs no server unless REDIS_URL names one."""

from config import env
from config.settings.base import *
from config.settings.base import ALLOWED_HOSTS, REDIS_URL

DEBUG = False
SECRET_KEY = "only-for-tests-" + "x" * 50
ALLOWED_HOSTS += ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ROBOT_MESSAGES_A_MINUTE = 0
AXES_ENABLED = env.flag("LUOSHI_TEST_AXES", default=False)
if not REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
