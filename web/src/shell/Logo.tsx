/** The mark: a mast that radiates. */
export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#1f6bd0" />
      <g fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round">
        <path d="M8 14.5a11.3 11.3 0 0 1 16 0" />
        <path d="M11.6 18.2a6.2 6.2 0 0 1 8.8 0" />
        <path d="M16 22.5V25" />
      </g>
      <circle cx="16" cy="22" r="2.3" fill="#fff" />
    </svg>
  );
}
