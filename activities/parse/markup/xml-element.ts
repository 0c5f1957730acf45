/** An element with its names in our own prefixes and its entities resolved. */
export interface XmlElement {
  /** E.g. `pubdate`, `dc:date`: lower case. */
  readonly name: string;
  /** Names in lower case, as written. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly (XmlElement | string)[];
  /** What relative addresses inside are relative to. */
  readonly baseUrl: string;
  /** The nearest `xml:base` at or around it; null when there is none. */
  readonly xmlBase: string | null;
  /** False when the element has no end of its own: the document, or what is around it, ended before it did. */
  readonly isClosed: boolean;
  /** True when the document ended inside the element, or the element ended while something inside it was open. */
  readonly isCut: boolean;
}
