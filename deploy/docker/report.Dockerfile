# The monthly report: docker run --rm -v "$PWD/out:/out" maintenance-report --customer acme --prometheus http://... --out /out
# docker build -f deploy/docker/report.Dockerfile -t maintenance-report .
ARG BASE=node:24-bookworm-slim

FROM ${BASE} AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm pkg delete devDependencies \
 && npm ci --ignore-scripts --no-audit --no-fund

FROM ${BASE}
WORKDIR /app
COPY --from=packages /app/package.json ./
COPY --from=packages /app/node_modules node_modules
COPY exporter/metrics.ts exporter/
COPY alerts alerts
COPY report-generator report-generator
ENV NODE_ENV=production
USER 10848:10848
ENTRYPOINT ["node", "report-generator/main.ts"]
CMD ["--help"]
