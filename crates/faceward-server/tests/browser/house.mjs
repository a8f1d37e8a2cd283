// A fresh house, served by the program itself.
import { execFileSync, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

const CHINESE = `河滨健身房有限公司，privacy@riverside-gym.example。如果您同意，闸机会将您的人脸与由一张照片生成的模板进行比对，在同意的会员中查找，以便放行。照片不予保存。模板保存在闸机内，不提供给任何人；会员资格终止后 30 天内删除，您撤回同意时立即删除：告知前台或来信即可。

会员卡可以打开同一闸机。您可以查阅、更正和删除我们保存的信息。错误匹配可能使他人以您的名义进入，前台会予以纠正。
`;

/** The gym of the examples, with its notice in two languages. */
export function declare(root, home) {
  const gym = readFileSync(join(root, "examples/deployments/gym.toml"), "utf8");
  const [, english] = gym.match(/^text = """\n([^"]*)"""/m);
  writeFileSync(join(home, "notice.en.txt"), english);
  writeFileSync(join(home, "notice.zh.txt"), CHINESE);
  const files = 'files = ["notice.en.txt", "notice.zh.txt"]';
  writeFileSync(join(home, "deployment.toml"), gym.replace(/^text = """\n[^"]*"""/m, files));
}

/** Serves it; the address, the link for the first account, and how to end it. */
export async function serve(program, home) {
  const server = spawn(program, ["--home", home, "--json", "serve", "--listen", "127.0.0.1:0", "--quiet"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  const first = new Promise((resolve, reject) => {
    createInterface(server.stdout).once("line", resolve);
    server.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
  });
  const { serving, setup } = JSON.parse(await first);
  const end = async () => {
    server.kill("SIGTERM");
    await ended;
  };
  return { url: serving, setup: setup[0], end };
}

/** What the program says of a file, checked without the house. */
export function verifyReceipt(program, file, keys) {
  return execFileSync(program, ["receipt", "verify", file, ...keys], { encoding: "utf8" });
}
