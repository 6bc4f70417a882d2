/** The number that the policy of this page asks of every style element; undefined where the page has no policy (development). */
export const pageNonce: string | undefined = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce || undefined
