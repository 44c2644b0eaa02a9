# One image for all services and the CLI; the command chooses: python -m services.<name> serve
# The base is named by its digest; `--build-arg PYTHON=…` takes a newer one.
ARG PYTHON=python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b
FROM ${PYTHON} AS build
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements.lock
COPY pyproject.toml hatch_build.py README.md ./
COPY protos protos
COPY services services
RUN /venv/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation -w /dist . \
    && /venv/bin/pip install --no-cache-dir --no-deps /dist/*.whl \
    && /venv/bin/pip uninstall -y grpcio-tools hatchling editables

FROM ${PYTHON}
# Prints and texts of reports hold Chinese in pictures and letters of their own.
RUN apt-get update && apt-get install -y --no-install-recommends fonts-noto-cjk && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin bole \
    && install -d -o bole -g bole /var/lib/bole
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 BOLE_DATA_DIR=/var/lib/bole
USER 10001:10001
WORKDIR /var/lib/bole
ENTRYPOINT ["python", "-m"]
CMD ["services.talent", "serve"]
