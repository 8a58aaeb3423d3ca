/** How addresses are written on each network. */
export interface AddressFormats {
  /**
   * The address in the network's one form, or null when it is none that can be paid on that network: a typing mistake,
   * an address of another network or of a test chain, or one where money would be lost.
   */
  canonical(network: string, text: string): string | null;
}
