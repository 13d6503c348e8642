import type { ElementHandle, Frame } from 'playwright-core';
import { pageFunction } from './page-function.ts';
import { withinTime } from './within-time.ts';

const LOOK_TIMEOUT_MS = 1_000;

interface Point {
  x: number;
  y: number;
}

/**
 * Whether something else lies over the middle of an element, in its own frame or in one around it. False where that cannot
 * be told, or the middle is out of view.
 */
export async function isCovered(element: ElementHandle): Promise<boolean> {
  const covered = await withinTime(LOOK_TIMEOUT_MS, async () => {
    let point = await element.evaluate(POINT_IN_REACH);
    for (let frame = await element.ownerFrame(); point && frame?.parentFrame(); frame = frame.parentFrame()) {
      point = await pointAround(frame, point);
    }
    return point === null;
  });
  return covered === true;
}

/** The point as the frame around sees it; null where something lies over it there. */
async function pointAround(frame: Frame, point: Point): Promise<Point | null> {
  const holder = await frame.frameElement();
  try {
    return await holder.evaluate(POINT_OF_FRAME, point);
  } finally {
    await holder.dispose();
  }
}

// As text, so that no transpiler changes what runs in the page. Labels of a control stand for it.
const LOOK = `const look = (x, y) => {
  let hit = document.elementFromPoint(x, y);
  while (hit?.shadowRoot) {
    const inner = hit.shadowRoot.elementFromPoint(x, y);
    if (!inner || inner === hit) break;
    hit = inner;
  }
  if (!hit) return { x, y };
  const own = [element, ...(element.labels ?? [])];
  for (let at = hit; at; at = at.assignedSlot ?? at.parentElement ?? at.getRootNode().host) {
    if (own.includes(at)) return { x, y };
  }
  return null;
};`;
const POINT_IN_REACH = pageFunction<Point | null>(`(() => {
  ${LOOK}
  const rects = [...element.getClientRects()];
  const { left, top, width, height } = rects.find((rect) => rect.width * rect.height > 0) ?? element.getBoundingClientRect();
  return look(left + width / 2, top + height / 2);
})()`);
const POINT_OF_FRAME = pageFunction<Point | null>(`(() => {
  ${LOOK}
  const { left, top } = element.getBoundingClientRect();
  return look(left + element.clientLeft + given.x, top + element.clientTop + given.y);
})()`);
