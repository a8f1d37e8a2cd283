// The story, one step after the other.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { asksFairly, byKeyboard } from "./consent.mjs";
import { verifyReceipt } from "./house.mjs";
import { named, nobodyNamed } from "./live.mjs";
import { tour } from "./tour.mjs";
import { Visitor, wrongs } from "./visitor.mjs";

const PURPOSE = "gym-access";
const NAME = "Zoë Example";
const MARKUP = `<img src=x onerror="alert(1)">`;
const PASSWORD = "a sentence nobody guesses";

export async function story({ browser, house, home, folder, shots, program }) {
  const arrive = (how) => Visitor.arrive(browser, house.url, shots, how);
  const step = async (what, run) => {
    const result = await run();
    console.log(`  ${what}`);
    return result;
  };

  const owner = await arrive({ camera: true });
  await step("the one-time link makes the owner's account, once", () => setUp(owner, house.setup));
  const zoe = await step("people are added, one of them with markup for a name", () => addPeople(owner));
  const astray = await step("a link that went astray is taken back", () => takeBack(owner, zoe));
  const link = await linkFor(owner, zoe);

  const person = await arrive({ phone: true });
  await step("the person is asked fairly, agrees, and takes a receipt home", async () => {
    await person.open(astray);
    assert.equal(new URL(person.page.url()).pathname, "/me/over");
    await person.shot("me-01-over");
    await agree(person, link, folder, program);
  });
  await step("who is asked in Chinese says no with the keyboard alone", () => refuse(arrive, owner));
  await step("a photograph is enrolled", () => enrol(owner, zoe, join(folder, "portrait.jpg")));
  await step("the camera knows the person, and nobody else is shown", () => named(owner, PURPOSE, NAME));
  await step("every page looks right, in both languages, light and dark", async () => {
    const state = await owner.context.storageState();
    const mine = await person.context.storageState();
    await tour(browser, house.url, shots, { state, mine, zoe, purpose: PURPOSE });
  });
  await step("the person takes it back, and the certificate is kept", () => withdraw(person, home));
  await step("the camera does not know the person any more", () => nobodyNamed(owner, PURPOSE));
  await step("the ledger proves the withdrawal in the page, and catches a lie", () => prove(owner));
  await step("the person reads all of it, and the receipt tells of the end", () => readOn(person));
  await owner.leave();
  await person.leave();
  assert.deepEqual(wrongs, []);
}

async function setUp(owner, setup) {
  const page = await owner.open(setup);
  await owner.shot("console-01-setup");
  await page.getByLabel("Name").fill("owner");
  await page.getByLabel("Password", { exact: false }).first().fill(PASSWORD);
  await page.getByLabel("Password, once more").fill(PASSWORD);
  await owner.press("Make the account and sign in");
  assert.equal(new URL(page.url()).pathname, "/console");
  await owner.shot("console-02-overview-empty");
  await owner.open(setup, 404);
  await owner.shot("console-03-link-used");
}

async function addPeople(owner) {
  const { page } = owner;
  const add = async (name) => {
    await owner.open("/console/people");
    await page.getByLabel("Somebody new").fill(name);
    await owner.press("Add");
    assert.equal(await page.locator("h1").textContent(), name);
    return new URL(page.url()).pathname;
  };
  await add(MARKUP);
  assert.equal(await page.locator("main img").count(), 0);
  const zoe = await add(NAME);
  await owner.shot("console-04-person-new");
  await owner.open("/console/people");
  assert.ok((await page.locator("tbody").textContent()).includes(MARKUP));
  return zoe;
}

async function linkFor(owner, href) {
  const page = await owner.open(href);
  await page.getByText("Make a link to the person's own pages").click();
  await page.getByLabel(PURPOSE).first().check();
  await owner.press("Make the link");
  const address = await page.getByLabel("Address").inputValue();
  assert.ok(address.startsWith(`${owner.origin}/me/`), address);
  return address;
}

async function takeBack(owner, zoe) {
  const address = await linkFor(owner, zoe);
  await owner.shot("console-05-link");
  await owner.open("/console/links");
  await owner.shot("console-06-links");
  await owner.press("Take back");
  await owner.shot("console-07-link-taken-back");
  return address;
}

async function agree(person, link, folder, program) {
  const { page } = person;
  await person.open(link);
  await person.shot("me-02-arrive");
  await person.press("Open my page");
  await person.shot("me-03-asked");
  await person.press("Read and answer");
  await asksFairly(page);
  await person.shot("me-04-consent");
  await byKeyboard(page, "agree");
  await person.shot("me-05-receipt");
  const saved = page.waitForEvent("download");
  await person.press("Save the signed receipt");
  const file = join(folder, "receipt.jws");
  await (await saved).saveAs(file);
  await checkInPage(person);
  await page.getByText("How anybody can check it").click();
  const told = await page.locator("details .mono").textContent();
  const keys = [...told.matchAll(/(--\S+) '([^']+)'/g)].flatMap(([, flag, key]) => [flag, key]);
  assert.match(verifyReceipt(program, file, keys), /verif|whole|signed/i);
  await person.shot("me-06-receipt-checked");
}

async function checkInPage(person) {
  await person.press("Check the signature here");
  await person.page.locator("#checked.good").waitFor();
}

async function refuse(arrive, owner) {
  const { page } = owner;
  await owner.open("/console/people");
  const markup = await page.getByRole("link", { name: MARKUP }).getAttribute("href");
  const link = await linkFor(owner, markup);
  const other = await arrive({ phone: true, lang: "zh", dark: true });
  await other.open(link);
  await other.press("打开我的页面");
  assert.ok((await other.page.locator("main").textContent()).includes(MARKUP));
  await other.shot("me-07-asked-zh-dark");
  await other.press("阅读并答复");
  await asksFairly(other.page);
  await other.shot("me-08-consent-zh-dark");
  await byKeyboard(other.page, "refuse");
  await other.shot("me-09-refused-zh-dark");
  await other.leave();
}

async function enrol(owner, zoe, portrait) {
  const page = await owner.open(zoe);
  await page.getByText("Enrol a picture").click();
  await page.getByLabel("Picture with one face").first().setInputFiles(portrait);
  await owner.shot("console-08-person-enrol");
  await owner.press("Enrol");
  await page.getByRole("heading", { level: 1, name: "Enrolled" }).waitFor();
  await owner.shot("console-09-enrolled");
}

async function withdraw(person, home) {
  const { page } = person;
  await person.open("/me");
  await person.press("Take it back");
  await person.shot("me-10-withdraw");
  await person.press("Take it back");
  await person.shot("me-11-withdrawn");
  const offered = await page.getByText("Save the certificate of erasure").getAttribute("href");
  const folder = join(home, "erasures");
  const [kept, ...others] = readdirSync(folder);
  assert.deepEqual(others, []);
  assert.equal(offered.split(",")[1], readFileSync(join(folder, kept), "utf8").trimEnd());
}

async function prove(owner) {
  const page = await owner.open("/console/ledger?act=consent-withdrawn");
  await owner.shot("console-12-ledger-withdrawal");
  await page.locator("tbody a").first().click();
  const result = page.locator("#result");
  await page.locator("#result.good").waitFor();
  assert.match(await result.textContent(), /Proven/);
  await owner.shot("console-13-proof");
  await page.locator("#tamper").click();
  await page.locator("#result.bad").waitFor();
  await owner.shot("console-14-proof-of-a-lie");
  await page.locator("#restore").click();
  await page.locator("#result.good").waitFor();
}

async function readOn(person) {
  const { page } = person;
  await person.open("/me");
  await person.shot("me-12-afterwards");
  await person.open("/me/history");
  assert.ok((await page.getByText("The search ended with a match").count()) > 0);
  await person.shot("me-13-history");
  await person.open("/me");
  await person.press("Receipt");
  await person.press("Make out the signed receipt");
  await checkInPage(person);
  await person.shot("me-14-receipt-afterwards");
}
