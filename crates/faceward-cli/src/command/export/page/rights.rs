//! What the person can do now, and where.

use faceward::Controller;

use super::section as page_section;
use faceward::html::{Html, element, said, text};

/// What can be done, in plain words, and where the law says so.
const RIGHTS: [(&str, &str, &str); 7] = [
    (
        "Take it back",
        "Any time, without a reason, for one purpose or all. From then on nothing matches, and the references are destroyed with their key. What was done before stays as it was.",
        "PIPL Art. 15, 47; GDPR Art. 7(3)",
    ),
    (
        "Have it corrected",
        "Your name here, your age, who agreed for you. What was wrong is kept as a record of the mistake; what is right takes its place.",
        "PIPL Art. 46; GDPR Art. 16",
    ),
    (
        "Have it deleted",
        "Everything on this page, with your keys, so that older copies die too. The ledger keeps numbers that nobody can link to you any more. You get a signed certificate of where was looked for what might be left.",
        "PIPL Art. 47; GDPR Art. 17",
    ),
    (
        "Have it restricted, or object",
        "You decide over your data, and may refuse what is done with them.",
        "PIPL Art. 44; GDPR Art. 18, 21",
    ),
    (
        "Have it explained",
        "The rules by which your data are handled, and a decision that was made with your face.",
        "PIPL Art. 24, 48",
    ),
    (
        "See it again, take a copy",
        "This page and the file held.json beside it, whenever you ask.",
        "PIPL Art. 45; GDPR Art. 15, 20",
    ),
    (
        "Complain",
        "If a request is refused you are owed the reasons, and you can go to court. You can also tell the authority that protects personal data where you live.",
        "PIPL Art. 50, 65; GDPR Art. 12(4), 77, 79",
    ),
];

pub(super) fn section(controller: Option<&Controller>) -> Html {
    let told = "Just ask; taking a consent back needs no reason. You may send somebody you authorised, and for a child a parent or guardian asks. What you ask is put on record with the day by which an answer is due.";
    let right = |(what, told, cited): (&str, &str, &str)| {
        element(
            "li",
            [],
            [
                said("strong", "", what),
                text(" "),
                text(told),
                text(" "),
                said("cite", "", cited),
            ],
        )
    };
    let list = element("ul", [("class", "rights")], RIGHTS.map(right));
    page_section("What you can do", told, [reach(controller), list])
}

/// Where to ask.
fn reach(controller: Option<&Controller>) -> Html {
    let Some(controller) = controller else {
        let words = "Ask whoever handed you this page.";
        return said("p", "reach", words);
    };
    let line =
        |what: &str, how: &str| element("p", [], [said("strong", "", what), text(" "), text(how)]);
    element(
        "div",
        [("class", "reach")],
        [
            line("To withdraw:", &controller.withdrawal),
            line("For everything else:", &controller.rights),
            line("Contact:", &controller.contact),
        ],
    )
}
