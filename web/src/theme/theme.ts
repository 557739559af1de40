import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const brand: MantineColorsTuple = [
  '#eef6ff',
  '#dbeafc',
  '#b6d4f9',
  '#8abaf4',
  '#5f9fee',
  '#3d86e6',
  '#1f6bd0',
  '#1859b0',
  '#164a90',
  '#143d74',
];

const gray: MantineColorsTuple = [
  '#f7f8fa',
  '#f0f2f5',
  '#e5e8ed',
  '#d6dbe2',
  '#bfc6d0',
  '#98a2af',
  '#5a6573',
  '#465060',
  '#303845',
  '#1a2029',
];

const dark: MantineColorsTuple = [
  '#dde2e9',
  '#bcc4cf',
  '#9aa5b3',
  '#7d8896',
  '#353e4a',
  '#28303a',
  '#1c222b',
  '#12171d',
  '#0d1116',
  '#080b0f',
];

/** What lies under a dialog stays readable: it is often what the dialog is about. */
const OVERLAY = { backgroundOpacity: 0.35, color: '#0b1016' };

/** Small and calm: dense sizes, one accent, no shadows on things that do not float. */
export const theme = createTheme({
  primaryColor: 'brand',
  primaryShade: { light: 6, dark: 6 },
  colors: { brand, gray, dark },
  black: '#1a2029',
  fontFamily:
    'Inter, "Segoe UI Variable Text", "Segoe UI", system-ui, -apple-system, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", "SF Mono", "DejaVu Sans Mono", monospace',
  defaultRadius: 'md',
  radius: { xs: '3px', sm: '5px', md: '7px', lg: '10px', xl: '16px' },
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.25rem', lineHeight: '1.3' },
      h2: { fontSize: '0.9375rem', lineHeight: '1.4' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Tooltip: {
      defaultProps: { withArrow: true, openDelay: 250, events: { hover: true, focus: true, touch: true } },
    },
    Button: { defaultProps: { size: 'sm' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    Drawer: {
      defaultProps: { position: 'right', size: 'min(30rem, 100vw)', padding: 'lg', overlayProps: OVERLAY },
    },
    Modal: { defaultProps: { centered: true, overlayProps: OVERLAY } },
  },
});

/** What stock colours get wrong for AA contrast, and the colours that states and surfaces have here. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-dimmed': '#5a6573',
    '--mantine-color-placeholder': '#6a7482',
    '--mantine-color-error': '#b42318',
    '--mantine-color-anchor': '#1859b0',
    '--page': '#f5f6f8',
    '--surface': '#ffffff',
    '--raised': '#ffffff',
    '--line': '#e3e6eb',
    '--hover': '#f3f5f8',
    '--chosen': '#e8f0fc',
    '--chosen-text': '#164a90',
    '--good': '#16794a',
    '--good-fill': '#2fa56b',
    '--good-soft': '#e3f5eb',
    '--bad': '#b42318',
    '--bad-fill': '#dc4b3e',
    '--bad-soft': '#fdecea',
    '--warn': '#8a5300',
    '--warn-fill': '#e09c22',
    '--warn-soft': '#fdf3e0',
    '--idle': '#596473',
    '--idle-fill': '#b9c0ca',
    '--idle-soft': '#eef0f3',
    '--paused': '#4b50b8',
    '--paused-fill': '#7c80dc',
    '--paused-soft': '#ededfb',
  },
  dark: {
    '--mantine-color-body': '#12171d',
    '--mantine-color-dimmed': '#9aa5b3',
    '--mantine-color-placeholder': '#8591a0',
    '--mantine-color-error': '#ff8f85',
    '--mantine-color-anchor': '#7db5ff',
    '--page': '#0d1116',
    '--surface': '#141a21',
    '--raised': '#1a2129',
    '--line': '#262e38',
    '--hover': '#1b222b',
    '--chosen': '#17293f',
    '--chosen-text': '#a9cdfb',
    '--good': '#5fd39b',
    '--good-fill': '#35a86f',
    '--good-soft': '#12291f',
    '--bad': '#ff8f85',
    '--bad-fill': '#d9534a',
    '--bad-soft': '#331a19',
    '--warn': '#f0bd5c',
    '--warn-fill': '#c98f22',
    '--warn-soft': '#2e2411',
    '--idle': '#9fa9b6',
    '--idle-fill': '#566170',
    '--idle-soft': '#20272f',
    '--paused': '#a9acf5',
    '--paused-fill': '#6c70cf',
    '--paused-soft': '#20213a',
  },
});
