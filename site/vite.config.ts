import { defineConfig, type Plugin } from "vite";

/** Writes the names of the built entries where `tracker/publish/site.py` reads them. */
function manifest(): Plugin {
  return {
    name: "site-manifest",
    enforce: "post",
    generateBundle(_, bundle) {
      const files = Object.keys(bundle);
      const find = (start: string, end: string) =>
        files.find((name) => name.startsWith(start) && name.endsWith(end)) ?? "";
      const names = { script: find("app-", ".js"), style: find("app-", ".css"), boot: find("boot-", ".js") };
      this.emitFile({ type: "asset", fileName: "manifest.json", source: `${JSON.stringify(names)}\n` });
    },
  };
}

export default defineConfig({
  base: "./",
  plugins: [manifest()],
  build: {
    outDir: "../tracker/publish/assets",
    emptyOutDir: true,
    assetsDir: ".",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    cssCodeSplit: false,
    rollupOptions: {
      input: { app: "src/main.tsx", boot: "src/boot.ts" },
      output: {
        entryFileNames: "[name]-[hash].js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: "app-[hash][extname]",
      },
    },
  },
});
