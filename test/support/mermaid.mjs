// Mermaid itself where there is no browser: what it understands of a diagram's text, and what it draws.
import { JSDOM } from 'jsdom';

const { window } = new JSDOM('', { pretendToBeVisual: true });
const { document, DOMParser, SVGElement } = window;

/** As much of it as Mermaid uses, and jsdom lacks: rules that are read back as text. */
class StyleSheet {
  cssRules = [];

  insertRule(rule, index) {
    this.cssRules.splice(index, 0, { cssText: rule });
  }
}

Object.assign(globalThis, { window, document, CSSStyleSheet: StyleSheet });
// jsdom lays nothing out. That all texts are of one size changes where things are drawn, and not what.
SVGElement.prototype.getBBox = () => ({ x: 0, y: 0, width: 100, height: 20 });

// Only now: it looks for a window while it is loaded.
const { default: mermaid } = await import('mermaid');

export async function readGraph(text, limits = {}) {
  mermaid.initialize({ startOnLoad: false, ...limits });
  await mermaid.parse(text);
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
  const vertices = [...db.getVertices().values()];
  return {
    nodes: vertices.map(({ id, type, classes }) => ({ id, shape: type, classes })),
    edges: db
      .getEdges()
      .map(({ start, end, text: label, stroke }) => ({ from: start, to: end, label, stroke })),
  };
}

let drawings = 0;

export async function drawnLabels(text) {
  mermaid.initialize({ startOnLoad: false, suppressErrorRendering: true });
  const id = `drawing${(drawings += 1)}`;
  const { svg } = await mermaid.render(id, text);
  const picture = new DOMParser().parseFromString(svg, 'text/html');
  for (const lineBreak of picture.querySelectorAll('br')) lineBreak.replaceWith('\n');
  const nodes = [...picture.querySelectorAll('g.node')];
  return new Map(
    nodes.map((node) => [
      node.id.replace(`${id}-flowchart-`, '').replace(/-\d+$/, ''),
      node.querySelector('.nodeLabel').textContent,
    ]),
  );
}
