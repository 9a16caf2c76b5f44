# The exporter alone. A container sees its own files: use it centrally or to try things out, and the package on hosts.
# docker build -f deploy/docker/exporter.Dockerfile -t maintenance-exporter .
ARG BASE=node:24-bookworm-slim

FROM ${BASE} AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# What only the report and development need stays out; npm ci takes the versions of the rest from the lock file.
RUN npm pkg delete devDependencies \
      'dependencies.@expo-google-fonts/source-sans-3' \
      'dependencies.@expo-google-fonts/source-serif-4' \
      dependencies.d3-array \
      dependencies.d3-scale \
      dependencies.d3-shape \
      dependencies.listr2 \
      dependencies.nodemailer \
      dependencies.pdfkit \
      dependencies.yaml \
 && npm ci --ignore-scripts --no-audit --no-fund

FROM ${BASE}
WORKDIR /app
RUN install --directory --owner=10847 --group=10847 --mode=0750 /var/lib/maintenance-exporter
COPY --from=packages /app/package.json ./
COPY --from=packages /app/node_modules node_modules
COPY exporter exporter
ENV NODE_ENV=production
USER 10847:10847
VOLUME /var/lib/maintenance-exporter
EXPOSE 10847
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
  CMD ["node", "--eval", "fetch('http://127.0.0.1:10847/-/healthy').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "exporter/main.ts"]
CMD ["--web.listen-address=0.0.0.0:10847"]
