# One image for web, worker and beat. The first stage installs from the lock, the second carries no compiler and no pip cache.

FROM python:3.11-slim AS build
WORKDIR /app
RUN python -m venv /app/.venv
COPY requirements.txt .
RUN /app/.venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt
COPY manage.py ./
COPY config config
COPY projects projects
COPY tracker tracker
COPY templates templates
COPY static static
COPY scripts scripts
# An empty locale/ is fine; one with translations is compiled here, since the image has no gettext.
COPY local[e] locale
RUN /app/.venv/bin/python -m scripts.translations compile
# Collecting needs settings, not services: stand-ins, seen by this command only.
RUN LUOSHI_SECRET_KEY=build-only LUOSHI_ALLOWED_HOSTS=build DATABASE_URL=postgres://build@build/build REDIS_URL=redis://build \
    LUOSHI_STATIC_ROOT=/app/staticfiles DJANGO_SETTINGS_MODULE=config.settings.prod \
    /app/.venv/bin/python manage.py collectstatic --noinput --verbosity 0

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin luoshi \
    && mkdir -p /app/var && chown luoshi /app/var
WORKDIR /app
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings.prod \
    LUOSHI_STATIC_ROOT=/app/staticfiles \
    LUOSHI_VAR=/app/var
USER luoshi
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=6s --start-period=30s CMD ["python", "scripts/healthcheck.py", "web"]
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload", "--no-control-socket", "--access-logfile", "-", "--logger-class", "config.access.AccessLogger"]
