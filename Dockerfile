# The site and the worker in one image; compose.yaml starts both.
FROM python:3.13-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MALLOC_ARENA_MAX=2 DJANGO_SETTINGS_MODULE=cms.settings.production DATA_DIR=/data
WORKDIR /app
COPY requirements.lock .
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock
COPY . .
RUN python -m compileall -q cms home knowledge search trainings \
    && python -c "from cms.catalogues import compile_changed; compile_changed()" \
    && useradd --uid 10001 kgi && mkdir /data && chown kgi /data
USER kgi
VOLUME /data
EXPOSE 8000
CMD ["python", "manage.py", "serve", "--only", "web", "--host", "0.0.0.0"]
