# syntax=docker/dockerfile:1

# The web client.
FROM node:24-bookworm-slim AS web
WORKDIR /web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY web/ ./
RUN npm run build

# The binary, with the client in it.
FROM rust:1.95-bookworm AS build
WORKDIR /acquis
COPY Cargo.toml Cargo.lock ./
COPY crates/ crates/
COPY migrations/ migrations/
COPY tests/ tests/
COPY --from=web /web/dist /web/dist
ENV ACQUIS_WEB_DIST=/web/dist
RUN cargo build --release --locked -p server

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates curl \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin acquis \
 && install -d -o acquis -g acquis -m 0750 /data
COPY --from=build /acquis/target/release/acquis /usr/local/bin/acquis
USER acquis
VOLUME /data
EXPOSE 8080
ENV ACQUIS_DATA=/data ACQUIS_LISTEN=0.0.0.0:8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["curl", "--fail", "--silent", "--output", "/dev/null", "http://127.0.0.1:8080/readyz"]
ENTRYPOINT ["acquis"]
CMD ["serve"]
