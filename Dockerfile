# One image for the API and the worker; docker-compose.yml runs both. Node runs the TypeScript sources as they are.
# Images are pinned by digest; `npm run images:pin` writes those of today.
FROM node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6 AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No package runs anything of its own (scripts/install-scripts.json); the image has its Node already.
RUN npm ci --omit=dev --ignore-scripts \
  && rm -rf node_modules/node-linux-* node_modules/.bin/node \
  && cd node_modules/@temporalio/core-bridge/releases \
  && ls | grep -v "^$(uname -m)-unknown-linux-gnu$" | xargs rm -rf

FROM node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6
# bubblewrap: the tool run_command refuses without it. chromium: logs in to sites; only the worker starts it.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends bubblewrap ca-certificates chromium \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
# The admin token lies apart from the data, so that a worker's container need not have it.
ENV NODE_ENV=production TZ=UTC LONGTURN_HOST=0.0.0.0 LONGTURN_DATA=/data LONGTURN_TOKEN_FILE=/token/token \
    NODE_COMPILE_CACHE=/tmp/node-compile-cache
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json package-lock.json api.ts worker.ts ./
COPY engine ./engine
COPY scripts ./scripts
COPY agents ./agents
COPY src ./src
COPY web ./web
RUN node scripts/bundle-workflows.ts && node scripts/build-client.ts && mkdir --mode=700 /data /token && chown node:node /data /token
USER node
VOLUME /data /token
EXPOSE 8080
CMD ["node", "api.ts"]
