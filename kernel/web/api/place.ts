/** Where this page stands: in the hospital itself (``), or in the space where drafts are tried; the server tells them apart by the address. */
export const place: string = /^\/trial(?=\/|$)/.exec(globalThis.location?.pathname ?? '')?.[0] ?? ''
/** The address of something of the server's, here. */
export const here = (path: string): string => place + path
/** Back from the space into the hospital, to the page that says what is tried. */
export const leaveTrial = (): void => location.replace('/try')
