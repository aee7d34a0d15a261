# The image of the controller: docker build -t ecs-prometheus-operator .
# Its promtool can speak only for a Prometheus of its own minor version: run that one beside it.
FROM prom/prometheus:v3.13.5 AS prometheus

FROM node:24.20.0-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY controller/ controller/
RUN npm run build
RUN npm prune --omit=dev --ignore-scripts
RUN mkdir bundle

FROM node:24.20.0-bookworm-slim
LABEL org.opencontainers.image.title="ecs-prometheus-operator" \
      org.opencontainers.image.description="Declares which Amazon ECS services Prometheus scrapes, and keeps AWS Cloud Map, ECS and Prometheus matching the declaration." \
      org.opencontainers.image.licenses="Apache-2.0"
ARG REVISION=unknown
LABEL org.opencontainers.image.revision="$REVISION"

WORKDIR /app
COPY --from=prometheus /bin/promtool bin/promtool
COPY --from=build /src/node_modules/ node_modules/
COPY --from=build /src/dist/ dist/
COPY package.json LICENSE ./
# Nobody, as in Prometheus's own image. A new volume that is mounted here belongs to it as well.
COPY --from=build --chown=65534:65534 /src/bundle/ /bundle/
VOLUME ["/bundle"]

ENV NODE_ENV=production
ENV SCRAPECTL_CONFIG_DIR=/bundle
ENV SCRAPECTL_LISTEN=127.0.0.1:9400
ENV SCRAPECTL_PROMTOOL=/app/bin/promtool

USER 65534:65534
EXPOSE 9400
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://' + process.env.SCRAPECTL_LISTEN + '/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/cli/main.js"]
CMD ["run"]
