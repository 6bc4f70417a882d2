import { drawingSVG, qrcode } from 'bwip-js/browser'

export const qrSvg = (text: string): string => qrcode({ bcid: 'qrcode', text, scale: 4 }, drawingSVG())
