/** The apricot leaf. */
export function BrandMark({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" style={{ flex: 'none' }}>
      <path
        d="M16 3c7.2 0 13 5.800 13 13s-5.800 13-13 13H5.500A2.500 2.500 0 0 1 3 26.500V16C3 8.800 8.800 3 16 3z"
        fill="var(--apricot)"
      />
      <path
        d="M9.500 22.500c0-7 4.500-11.500 13-12-.6 7.600-4.700 12-11 12M9.500 22.500c2-3.200 4.300-5.400 7.200-7"
        fill="none"
        stroke="#fff"
        strokeWidth="2.200"
        strokeLinecap="round"
      />
    </svg>
  )
}
