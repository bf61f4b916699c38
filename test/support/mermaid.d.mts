/** What Mermaid has understood of a diagram's text. */
export interface Graph {
  readonly nodes: readonly {
    readonly id: string;
    readonly shape: string;
    readonly classes: readonly string[];
  }[];
  readonly edges: readonly {
    readonly from: string;
    readonly to: string;
    /** Empty where nothing is written on it. */
    readonly label: string;
    readonly stroke: 'normal' | 'dotted';
  }[];
}

/** What a page that shows diagrams may allow beyond what Mermaid does by itself. */
export interface Limits {
  readonly maxEdges?: number;
}

/** Rejects, with Mermaid's message, what Mermaid cannot read or will not show. */
export function readGraph(text: string, limits?: Limits): Promise<Graph>;

/** What is written in each node of the picture, by the node's id; lines end in `\n`. */
export function drawnLabels(text: string): Promise<ReadonlyMap<string, string>>;
