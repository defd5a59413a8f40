# syntax=docker/dockerfile:1
# The server as it is installed by pip, for an account without rights.
FROM python:3.12-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/enquiry-assistant
ENV PATH=/opt/enquiry-assistant/bin:$PATH
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bot bot
COPY ingest ingest
COPY prompts prompts
COPY knowledge knowledge
# PyTorch without CUDA: a tenth of its size. Extras are named as in pyproject.toml.
ARG EXTRAS=notify,oidc,openai,anthropic,ollama
RUN pip install --no-cache-dir --extra-index-url https://download.pytorch.org/whl/cpu \
        -c constraints.txt ".[${EXTRAS}]" \
    && enquiry-assistant prepare-encoder

FROM python:3.12-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends tesseract-ocr \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /srv/enquiry-assistant --create-home enquiry
COPY --from=build /opt/enquiry-assistant /opt/enquiry-assistant
ENV PATH=/opt/enquiry-assistant/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 \
    PORT=8000 \
    DATA_DIR=/srv/enquiry-assistant/data \
    KNOWLEDGE_DIR=/srv/enquiry-assistant/knowledge
USER enquiry
WORKDIR /srv/enquiry-assistant
RUN mkdir data
VOLUME /srv/enquiry-assistant/data
EXPOSE 8000
STOPSIGNAL SIGTERM
# Alive, not ready: restarting does not bring back a model or a database.
HEALTHCHECK --interval=30s --timeout=5s --start-period=5m \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
CMD ["sh", "-c", "enquiry-assistant sync && exec enquiry-assistant serve"]
