# One image for the API and the worker; docker-compose.yml runs both. Node runs the TypeScript sources as they are.
FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Without scripts: the package `node` would fetch a second Node, and the packages that matter come ready built.
RUN npm ci --omit=dev --ignore-scripts \
  && rm -rf node_modules/node node_modules/.bin/node \
  && cd node_modules/@temporalio/core-bridge/releases \
  && ls | grep -v "^$(uname -m)-unknown-linux-gnu$" | xargs rm -rf

FROM node:24-bookworm-slim
# bubblewrap: the tool run_command refuses without it. chromium: logs in to sites; only the worker starts it.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends bubblewrap ca-certificates chromium \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
ENV NODE_ENV=production TZ=UTC LONGTURN_HOST=0.0.0.0 LONGTURN_DATA=/data \
    NODE_COMPILE_CACHE=/tmp/node-compile-cache
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json package-lock.json worker.ts ./
COPY engine ./engine
COPY scripts ./scripts
COPY agents ./agents
COPY src ./src
COPY web ./web
RUN node scripts/bundle-workflows.ts && mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080
CMD ["node", "src/api/server.ts"]
