// The story, one step after the other.
import assert from "node:assert/strict";
import { join } from "node:path";

import { guardianDecides } from "./child.mjs";
import { NAME, PURPOSE, addPeople, enrol, linkFor, livenessKey, prove, recordOnPaper, setUp, takeBack } from "./desk.mjs";
import { imports } from "./import.mjs";
import { named, nobodyNamed } from "./live.mjs";
import { begin, watched } from "./liveness.mjs";
import { agree, leave, readOn, refuse, withdraw } from "./me.mjs";
import { tour } from "./tour.mjs";
import { Visitor, wrongs } from "./visitor.mjs";

export async function story({ browser, house, home, root, folder, shots, program }) {
  const arrive = (how) => Visitor.arrive(browser, house.url, shots, how);
  const step = async (what, run) => {
    const result = await run();
    console.log(`  ${what}`);
    return result;
  };

  const owner = await arrive({ camera: true });
  await step("the one-time link makes the owner's account, once", () => setUp(owner, house.setup));
  const people = await step("people are added, one of them with markup for a name", () => addPeople(owner));
  const astray = await step("a link that went astray is taken back", () => takeBack(owner, people.zoe));
  const person = await arrive({ phone: true });
  await step("the person is asked fairly, agrees, and takes a receipt home", async () => {
    await person.open(astray);
    assert.equal(new URL(person.page.url()).pathname, "/me/over");
    await person.shot("me-01-over");
    await agree(person, await linkFor(owner, people.zoe), folder, program);
  });
  await step("who is asked in Chinese says no with the keyboard alone", async () => {
    const other = await arrive({ phone: true, lang: "zh", dark: true });
    await refuse(other, await linkFor(owner, people.markup));
    await other.leave();
  });
  await step("photographs are enrolled, also of somebody who agreed on paper", async () => {
    await recordOnPaper(owner, people.absent);
    await enrol(owner, people.absent, join(root, "demo/astronaut.png"));
    await enrol(owner, people.zoe, join(folder, "portrait.jpg"));
  });
  await step("the camera knows the person, and nobody else is shown", () => named(owner, PURPOSE, NAME));
  const key = await livenessKey(owner);
  await step("two people before the camera are told what to do, and not let through", () =>
    watched({ browser, origin: house.url, shots, key }));
  await step("people are taken over from elsewhere, and have to be asked", () => imports({ browser, owner, root, shots }));
  await step("a guardian decides for a child", () => guardianDecides({ browser, root, folder, shots, program }));
  await step("every page looks right, in both languages, light and dark", async () => {
    const { token } = await begin(house.url, key);
    const liveness = `/liveness/${token}`;
    const [desk, me] = [await owner.context.cookies(), await person.context.cookies()];
    await tour(browser, house.url, shots, { desk, me, zoe: people.zoe, liveness, purpose: PURPOSE });
  });
  await step("the person takes it back, and the certificate is kept", () => withdraw(person, home));
  await step("the camera does not know the person any more", () => nobodyNamed(owner, PURPOSE));
  await step("the ledger proves the withdrawal in the page, and catches a lie", () => prove(owner));
  await step("the person reads all of it, and the receipt tells of the end", () => readOn(person));
  await step("the person has everything deleted", () => leave(person, home));
  await owner.leave();
  await person.leave();
  assert.deepEqual(wrongs, []);
}
