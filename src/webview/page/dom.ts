const svgNamespace = 'http://www.w3.org/2000/svg';

export interface ElementOptions {
  readonly className?: string;
  /** Never markup. */
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Makes an element. Text is put in as text, whatever it holds. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  options: ElementOptions = {},
  ...children: readonly Node[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  dress(element, options);
  element.append(...children);
  return element;
}

export function makeSvg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Node[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS(svgNamespace, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Changes the text only when it is another one: the page is laid out anew for each change. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function setAttribute(element: Element, name: string, value: string | undefined): void {
  if (value === undefined) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** A table for those who do not see a chart; closed until asked for. */
export function makeTable(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): HTMLTableElement {
  return make(
    'table',
    {},
    make('caption', { className: 'spoken', text: caption }),
    make(
      'thead',
      {},
      make('tr', {}, ...heads.map((text) => make('th', { text, attributes: { scope: 'col' } }))),
    ),
    make(
      'tbody',
      {},
      ...rows.map((cells) => make('tr', {}, ...cells.map((text) => make('td', { text })))),
    ),
  );
}

function dress(element: Element, { className, text, attributes }: ElementOptions): void {
  if (className !== undefined) element.setAttribute('class', className);
  if (text !== undefined) element.textContent = text;
  for (const [name, value] of Object.entries(attributes ?? {})) element.setAttribute(name, value);
}
