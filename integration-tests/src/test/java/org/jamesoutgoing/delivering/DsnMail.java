/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivering;

import java.util.Locale;

/**
 * A mail with wishes for DSNs; its addresses say which, and what becomes of it.
 *
 * @param asked the values of NOTIFY with {@code +} between them, or {@code absent}
 * @param ret the value of RET, or {@code absent}
 */
record DsnMail(String asked, String ret, End end, Hop hop) {

    static final String ABSENT = "absent";

    /** Whether the next hop, Postfix, offers DSN. */
    enum Hop {
        WITH_DSN,
        WITHOUT_DSN
    }

    enum End {
        /** Postfix delivers it. */
        ACCEPTED,
        /** Postfix refuses the recipient. */
        REFUSED,
        /** Postfix defers the recipient until a delay is told, then takes it. */
        LATE,
        /** Postfix defers the recipient for longer than the mail may stay. */
        EXPIRED,
        /** Postfix takes it, and cannot deliver it. */
        RETURNED
    }

    static String domain(End end, Hop hop) {
        return (end + "." + hop + ".test").toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String sender() {
        return localPart() + "@james.test";
    }

    String recipient() {
        return localPart() + "@" + domain(end, hop);
    }

    private String localPart() {
        return (asked.replace('+', '-') + "." + ret + "." + end + "." + hop).toLowerCase(Locale.ROOT);
    }

    /** What ENVID and ORCPT say: in xtext (RFC 3461 §4), {@code +} is {@code +2B}. */
    String envelopeId() {
        return "id+" + localPart();
    }

    String originalRecipient() {
        return "alias+" + recipient();
    }

    String mailParameters() {
        return (ret.equals(ABSENT) ? "" : " RET=" + ret) + " ENVID=" + xtext(envelopeId());
    }

    String rcptParameters() {
        return (asked.equals(ABSENT) ? "" : " NOTIFY=" + asked.replace('+', ',')) + " ORCPT=rfc822;"
                + xtext(originalRecipient());
    }

    private static String xtext(String text) {
        return text.replace("+", "+2B");
    }
}
