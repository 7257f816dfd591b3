import type {PrismTheme} from 'prism-react-renderer';

type Palette = Record<
  'ink' | 'ground' | 'comment' | 'string' | 'keyword' | 'name' | 'number' | 'key' | 'sign',
  string
>;

function toTheme(palette: Palette): PrismTheme {
  const colour = (color: string, ...types: string[]) => ({types, style: {color}});
  return {
    plain: {color: palette.ink, backgroundColor: palette.ground},
    styles: [
      colour(palette.comment, 'comment', 'prolog'),
      colour(palette.string, 'string', 'char', 'attr-value', 'url', 'inserted'),
      colour(palette.keyword, 'keyword', 'boolean', 'atrule', 'selector', 'important'),
      colour(palette.name, 'function', 'class-name', 'tag', 'directive', 'table'),
      colour(palette.number, 'number', 'constant', 'variable', 'environment', 'parameter'),
      colour(palette.key, 'property', 'attr-name', 'key', 'deleted', 'header-name'),
      colour(palette.sign, 'punctuation', 'operator'),
    ],
  };
}

// Every colour has at least 4.5:1 on its ground; the ready-made light themes do not.
export const light = toTheme({
  ink: '#1b2427',
  ground: '#f5f3ee',
  comment: '#5d696d',
  string: '#2a652d',
  keyword: '#73379a',
  name: '#0b5c70',
  number: '#8f4400',
  key: '#8a2f22',
  sign: '#4b585d',
});

export const dark = toTheme({
  ink: '#e6ecee',
  ground: '#172226',
  comment: '#93a3a8',
  string: '#a5d6a7',
  keyword: '#d3b3f0',
  name: '#7fd3e6',
  number: '#f0b775',
  key: '#f2a79a',
  sign: '#a9b6ba',
});
