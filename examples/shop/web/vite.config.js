import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../node_modules/.vite',
  clearScreen: false,
  server: {
    port: Number(process.env.PORT),
    strictPort: true,
    proxy: {
      '/api': {
        target: process.env.API_URL,
        rewrite: (path) => path.slice('/api'.length),
      },
    },
  },
});
