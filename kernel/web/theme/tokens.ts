/** The one palette (experience.md §5). CSS reads it from `theme.css`; the component library from here. */
export const palette = {
  light: {
    brand: '#1F6F78', brandSoft: '#E6F1F2', brandInk: '#124A51', apricot: '#E59F3C', bg: '#F5F7F7', surface: '#FFFFFF', raised: '#FFFFFF',
    line: '#E3E8E8', lineStrong: '#CBD4D5', ink: '#182224', ink2: '#546367', ink3: '#6B7A7E', red: '#C2362B', amber: '#A15F00', green: '#2C7A4B', blue: '#2F6FB2',
  },
  dark: {
    brand: '#4FA9B3', brandSoft: '#17383D', brandInk: '#A9DDE3', apricot: '#E8AC57', bg: '#101617', surface: '#171F20', raised: '#1E2829',
    line: '#2A3536', lineStrong: '#3D4B4D', ink: '#E4EBEB', ink2: '#A7B4B6', ink3: '#8A989B', red: '#EF7D73', amber: '#E2A04A', green: '#66BD8A', blue: '#79AEE6',
  },
} as const // prettier-ignore

export const fontFamily = '"PingFang SC", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", system-ui, sans-serif'
