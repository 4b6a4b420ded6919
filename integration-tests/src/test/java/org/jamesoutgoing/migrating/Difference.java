/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.migrating;

import java.util.Set;

/** What is different, and meant: each has its line in README. */
enum Difference {
    FAILURE_MESSAGE("a failure message by RFC 3464", Facet.INBOX),
    RETRIES_USED_UP("`Too many retries failure. Bouncing after 2 retries.`", Facet.ERROR),
    NO_DNS_ENTRIES("`There are no DNS entries for the hostname …`", Facet.ERROR),
    LINES_OF_A_REPLY("a reply of several lines as one line", Facet.ERROR),
    CODE_AT_RCPT("none, or 250, for a recipient refused at `RCPT`", Facet.CODE),
    PERMANENT_FROM_THE_FIRST("`is-delivery-permanent-error` is missing", Facet.PERMANENT),
    ONE_MAIL_FOR_EACH_REASON("one mail for each reason", Facet.ERROR, Facet.PERMANENT, Facet.BOUNCES, Facet.REPOSITORY),
    SUCCESS_BESIDE_REFUSAL("`onSuccess` hears nothing when another recipient is refused", Facet.SUCCESSES),
    PARTIAL_AT_ONCE("accepted recipients get the mail in the same attempt", Facet.COPIES, Facet.TRIES),
    PARTIAL_NOT_LOST("accepted recipients get the mail in the same attempt", Facet.values()),
    CLOSING_AT_ONE_RECIPIENT("421 at one recipient", Facet.COPIES, Facet.TRIES),
    CLOSED_AT_ONE_RECIPIENT("421 at one recipient", Facet.values()),
    FINAL_552("552 at `RCPT`", Facet.values()),
    REFUSED_EHLO("5xx to `EHLO`", Facet.PERMANENT, Facet.TRIES, Facet.SESSION),
    NEXT_EXCHANGER("the next exchanger is asked", Facet.values()),
    NAME_THAT_DOES_NOT_EXIST("whose name does not exist", Facet.ERROR, Facet.PERMANENT),
    TLS_WHERE_OFFERED("TLS is used wherever it is offered", Facet.SESSION),
    START_TLS_IS_OPPORTUNISTIC("`startTLS` takes what it can get", Facet.values()),
    NO_PLAINTEXT_FOR_SSL("plaintext at port 25 when nothing answers at 465", Facet.values()),
    NO_PASSWORD_IN_PLAINTEXT("`cleartextAuth`", Facet.values()),
    AUTH_NOT_OFFERED("offers no AUTH", Facet.values()),
    REFUSED_PASSWORD("a refused password", Facet.PERMANENT, Facet.TRIES),
    EIGHT_BIT_MIME("`BODY=8BITMIME`", Facet.MAIL),
    CONVERTED_ONLY_IF_NEEDED("converted to 7 bits", Facet.CONTENT),
    ORCPT("`ORCPT`", Facet.RCPT),
    ONE_COPY("one copy for each value of `NOTIFY`", Facet.COPIES, Facet.TRIES),
    NOTIFY_NEVER("`NOTIFY=NEVER`", Facet.FATE, Facet.INBOX),
    NOTIFY_SUCCESS("`NOTIFY=SUCCESS`", Facet.FATE, Facet.INBOX),
    HUNDRED_RECIPIENTS("100 recipients", Facet.COPIES, Facet.TRIES);

    private final String inReadme;
    private final Set<Facet> facets;

    Difference(String inReadme, Facet... facets) {
        this.inReadme = inReadme;
        this.facets = Set.of(facets);
    }

    /** Words that stand in the section about migration. */
    String inReadme() {
        return inReadme;
    }

    /** Where it may show; somewhere it must. */
    Set<Facet> facets() {
        return facets;
    }
}
