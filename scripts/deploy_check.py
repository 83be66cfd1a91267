"""Django's deployment checks under the production settings with stand-in secrets, and migrations that are missing."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STAND_INS = {
    "DJANGO_SETTINGS_MODULE": "config.settings.prod",
    "LUOSHI_SECRET_KEY": "stand-in-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "LUOSHI_ALLOWED_HOSTS": "luoshi.example.org",
    "LUOSHI_SITE_URL": "https://luoshi.example.org",
    "LUOSHI_EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "DATABASE_URL": "postgres://luoshi:stand-in@127.0.0.1:1/luoshi",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}


def main() -> int:
    """Run both checks. Returns the exit status; neither needs a database."""
    manage = [sys.executable, "manage.py"]
    deploy = [*manage, "check", "--deploy", "--fail-level", "WARNING"]
    migrations = [*manage, "makemigrations", "--check", "--dry-run"]
    production = {**os.environ, **STAND_INS}
    test = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    failed = subprocess.run(deploy, cwd=ROOT, env=production, check=False).returncode
    failed |= subprocess.run(migrations, cwd=ROOT, env=test, check=False).returncode
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
