# The program alone; its database is another container (docker-compose.yml).
FROM python:3.13-slim AS build
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never \
    UV_PROJECT_ENVIRONMENT=/opt/jingwei
RUN pip install --no-cache-dir --root-user-action=ignore uv
WORKDIR /src
# What others made changes seldom: a layer of its own.
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-dev --no-install-project
COPY . .
RUN uv sync --locked --no-dev --no-editable

FROM python:3.13-slim
# For `jingwei backup` and `restore`: of the database's major version (docker-compose.yml) or newer.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin jingwei \
    && install --directory --owner=jingwei --group=jingwei --mode=0700 /var/lib/jingwei
COPY --from=build /opt/jingwei /opt/jingwei
ENV PATH=/opt/jingwei/bin:$PATH JINGWEI_HOME=/var/lib/jingwei PYTHONUNBUFFERED=1 \
    NUMBA_CACHE_DIR=/var/lib/jingwei/numba
USER jingwei
WORKDIR /var/lib/jingwei
# Compiled here and copied into a new volume: the first plan does not wait half a minute. A volume
# that was there before, or another kind of processor, is compiled for at the first start.
RUN jingwei warm
VOLUME /var/lib/jingwei
EXPOSE 8000
CMD ["jingwei", "serve", "--host", "0.0.0.0", "--port", "8000"]
