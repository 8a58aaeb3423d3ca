/** Which URLs an endpoint may have (FEATURES W6). */
export interface WebhookUrls {
  /**
   * What is wrong with the URL, as the end of a sentence, or null. Names are not looked up: their addresses are checked
   * at every connection, since they can change at any time.
   */
  fault(url: string): string | null;
}
