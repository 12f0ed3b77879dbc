# One image for every part of TripSage; compose.yaml says which part a container runs.

FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /src
RUN python -m venv /opt/tripsage
COPY requirements/ requirements/
RUN python -m pip install --no-cache-dir --require-hashes -r requirements/uv.txt
RUN uv pip install --no-cache --python /opt/tripsage/bin/python --require-hashes -r requirements/runtime.txt
COPY pyproject.toml README.md ./
COPY app/ app/
COPY tools/ tools/
COPY workers/ workers/
RUN uv pip install --no-cache --python /opt/tripsage/bin/python --no-deps --no-build-isolation .

FROM python:3.12-slim
RUN useradd --system --uid 10001 --create-home tripsage
COPY --from=build /opt/tripsage /opt/tripsage
ENV PATH=/opt/tripsage/bin:$PATH PYTHONUNBUFFERED=1
USER tripsage
WORKDIR /home/tripsage
STOPSIGNAL SIGTERM
EXPOSE 8000
CMD ["tripsage", "gateway"]
