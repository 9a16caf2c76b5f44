# Simulates thirteen months of a fleet and loads them into the data folder of a Prometheus; see docker-compose.yml.
# docker build -f deploy/docker/history.Dockerfile -t maintenance-history .
ARG BASE=node:24-bookworm-slim
ARG PROMETHEUS=prom/prometheus:v3.5.0

FROM ${PROMETHEUS} AS prometheus

FROM ${BASE} AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm pkg delete devDependencies \
 && npm ci --ignore-scripts --no-audit --no-fund

FROM ${BASE}
WORKDIR /app
# A new volume takes its owner from here.
RUN install --directory --owner=65534 --group=65534 /prometheus
COPY --from=prometheus /bin/promtool /usr/local/bin/promtool
COPY --from=packages /app/package.json ./
COPY --from=packages /app/node_modules node_modules
COPY exporter/metrics.ts exporter/
COPY alerts alerts
COPY simulator simulator
COPY deploy/local deploy/local
COPY deploy/docker/load-history.ts deploy/docker/
ENV NODE_ENV=production
# The user of the Prometheus image, which goes on with the same files.
USER 65534:65534
ENTRYPOINT ["node", "deploy/docker/load-history.ts"]
CMD ["/prometheus"]
