import { mediaQuestion } from './use-media.ts'

// A finger on a large touch screen still gets the desk's pages.
const phone = mediaQuestion('(max-width: 768px), (pointer: coarse) and (max-width: 1100px)')
export const isPhoneNow = phone.now
export const useIsPhone = phone.use
