// What the owner of the house does at the console.
import assert from "node:assert/strict";

export const PURPOSE = "gym-access";
export const NAME = "Zoë Example";
export const MARKUP = `<img src=x onerror="alert(1)">`;
const PASSWORD = "a sentence nobody guesses";

export async function setUp(owner, setup) {
  await owner.open(setup);
  await owner.shot("console-01-setup");
  await signUp(owner, setup);
  await owner.shot("console-02-overview-empty");
  await owner.open(setup, 404);
  await owner.shot("console-03-link-used");
}

/** Makes the first account by its link. */
export async function signUp(owner, setup) {
  const page = await owner.open(setup);
  await page.getByLabel("Name").fill("owner");
  await page.getByLabel("Password", { exact: false }).first().fill(PASSWORD);
  await page.getByLabel("Password, once more").fill(PASSWORD);
  await owner.press("Make the account and sign in");
  assert.equal(new URL(page.url()).pathname, "/console");
}

/** Adds people, one of them with markup for a name; the address of each. */
export async function addPeople(owner) {
  const { page } = owner;
  const add = async (name) => {
    await owner.open("/console/people");
    await page.getByLabel("Somebody new").fill(name);
    await owner.press("Add");
    assert.equal(await page.locator("h1").textContent(), name);
    assert.equal(await page.locator("main img").count(), 0);
    return new URL(page.url()).pathname;
  };
  const markup = await add(MARKUP);
  const absent = await add("Somebody absent");
  const zoe = await add(NAME);
  await owner.shot("console-04-person-new");
  await owner.open("/console/people");
  assert.ok((await page.locator("tbody").textContent()).includes(MARKUP));
  return { zoe, markup, absent };
}

export async function linkFor(owner, href, purpose = PURPOSE) {
  const page = await owner.open(href);
  await page.getByText("Make a link to the person's own pages").click();
  await page.getByLabel(purpose).first().check();
  await owner.press("Make the link");
  const address = await page.getByLabel("Address").inputValue();
  assert.ok(address.startsWith(`${owner.origin}/me/`), address);
  return address;
}

export async function takeBack(owner, zoe) {
  const address = await linkFor(owner, zoe);
  await owner.shot("console-05-link");
  await owner.open("/console/links");
  await owner.shot("console-06-links");
  await owner.press("Take back");
  await owner.shot("console-07-link-taken-back");
  return address;
}

/** Records a consent that was given on paper. */
export async function recordOnPaper(owner, href) {
  const page = await owner.open(href);
  await page.getByText("Record a consent given on paper").click();
  await page.getByLabel("How the person agreed").fill("signed on paper, form 17");
  await page.getByLabel("identification: who of those").check();
  await page.getByLabel("The other way that was open").fill("a membership card");
  await page.getByLabel("on equal terms").check();
  await owner.shot("console-08-consent-on-paper");
  await owner.press("Record the consent");
  await page.getByRole("heading", { level: 1, name: "Consent recorded" }).waitFor();
}

export async function enrol(owner, href, portrait) {
  const page = await owner.open(href);
  await page.getByText("Enrol a picture").click();
  await page.getByLabel("Picture with one face").first().setInputFiles(portrait);
  await owner.shot("console-09-person-enrol");
  await owner.press("Enrol");
  await page.getByRole("heading", { level: 1, name: "Enrolled" }).waitFor();
  await owner.shot("console-10-enrolled");
}

/** Makes a key that may begin liveness sessions; its text. */
export async function livenessKey(owner) {
  const page = await owner.open("/console/keys");
  await page.getByLabel("Name", { exact: true }).fill("the gate");
  await page.getByLabel("run liveness sessions").check();
  await owner.press("Make the key");
  const key = await page.locator(".key").textContent();
  await owner.shot("console-11-key");
  return key;
}

export async function prove(owner) {
  const page = await owner.open("/console/ledger?act=consent-withdrawn");
  await owner.shot("console-14-ledger-withdrawal");
  await page.locator("tbody a").first().click();
  const result = page.locator("#result");
  await page.locator("#result.good").waitFor();
  assert.match(await result.textContent(), /Proven/);
  await owner.shot("console-15-proof");
  await page.locator("#tamper").click();
  await page.locator("#result.bad").waitFor();
  await owner.shot("console-16-proof-of-a-lie");
  await page.locator("#restore").click();
  await page.locator("#result.good").waitFor();
}
