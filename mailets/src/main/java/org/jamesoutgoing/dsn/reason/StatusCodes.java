/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.reason;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What enhanced status codes (RFC 3463 and its registry) and bare reply codes say about the cause. */
final class StatusCodes {
    private static final Pattern CODE = Pattern.compile("([245])\\.(\\d{1,3})\\.(\\d{1,3})");

    /** Codes that servers use for one thing only; the class, 4 or 5, makes no difference. */
    private static final Map<String, Cause> CERTAIN = Map.ofEntries(
            Map.entry("1.1", Cause.NO_SUCH_MAILBOX),
            Map.entry("1.2", Cause.NO_SUCH_DOMAIN),
            Map.entry("1.3", Cause.BAD_ADDRESS),
            Map.entry("1.6", Cause.MOVED),
            Map.entry("1.7", Cause.SENDER_REJECTED),
            Map.entry("1.8", Cause.SENDER_REJECTED),
            Map.entry("2.2", Cause.MAILBOX_FULL),
            Map.entry("2.3", Cause.TOO_LARGE),
            Map.entry("3.4", Cause.TOO_LARGE),
            Map.entry("4.3", Cause.DNS_TROUBLE),
            Map.entry("4.6", Cause.LOOP),
            Map.entry("4.7", Cause.EXPIRED),
            // Exchange: hop count exceeded.
            Map.entry("4.14", Cause.LOOP),
            Map.entry("5.3", Cause.TOO_MANY_RECIPIENTS),
            Map.entry("6.1", Cause.NOT_CONVERTIBLE),
            Map.entry("6.3", Cause.NOT_CONVERTIBLE),
            // RFC 6531 §3.5
            Map.entry("6.7", Cause.NEEDS_SMTPUTF8),
            Map.entry("6.9", Cause.NEEDS_SMTPUTF8),
            Map.entry("7.8", Cause.AUTHENTICATION_NEEDED),
            // RFC 5248 §2.4
            Map.entry("7.10", Cause.TLS_REQUIRED),
            Map.entry("7.11", Cause.TLS_REQUIRED),
            // RFC 7372 §3: DKIM, SPF, reverse DNS, several at once
            Map.entry("7.20", Cause.SENDER_NOT_AUTHENTICATED),
            Map.entry("7.21", Cause.SENDER_NOT_AUTHENTICATED),
            Map.entry("7.22", Cause.SENDER_NOT_AUTHENTICATED),
            Map.entry("7.23", Cause.SENDER_NOT_AUTHENTICATED),
            Map.entry("7.24", Cause.SENDER_NOT_AUTHENTICATED),
            Map.entry("7.25", Cause.BLOCKED),
            Map.entry("7.26", Cause.SENDER_NOT_AUTHENTICATED),
            // RFC 7505 §4.2: the sender's domain accepts no mail
            Map.entry("7.27", Cause.SENDER_REJECTED),
            Map.entry("7.28", Cause.RATE_LIMITED),
            // RFC 8689 §5: REQUIRETLS
            Map.entry("7.30", Cause.TLS_REQUIRED),
            // Exchange Online
            Map.entry("7.57", Cause.AUTHENTICATION_NEEDED),
            Map.entry("7.124", Cause.NOT_PERMITTED),
            Map.entry("7.129", Cause.NOT_PERMITTED),
            Map.entry("7.133", Cause.NOT_PERMITTED),
            Map.entry("7.134", Cause.NOT_PERMITTED),
            Map.entry("7.135", Cause.NOT_PERMITTED),
            Map.entry("7.136", Cause.NOT_PERMITTED),
            Map.entry("7.509", Cause.SENDER_NOT_AUTHENTICATED),
            Map.entry("7.515", Cause.SENDER_NOT_AUTHENTICATED),
            Map.entry("7.705", Cause.BLOCKED),
            Map.entry("7.708", Cause.BLOCKED),
            Map.entry("7.750", Cause.BLOCKED));

    /** Codes that servers use for many things: only when the words tell nothing. */
    private static final Map<String, Cause> LIKELY = Map.ofEntries(
            // RFC 7505 §4.2; but Exchange has it for unknown recipients.
            Map.entry("1.10", Cause.NO_MAIL_ACCEPTED),
            Map.entry("2.4", Cause.NO_SUCH_MAILBOX),
            Map.entry("4.1", Cause.UNREACHABLE),
            Map.entry("4.2", Cause.CONNECTION_LOST),
            Map.entry("4.4", Cause.NO_MAIL_SERVER),
            Map.entry("4.5", Cause.RATE_LIMITED),
            Map.entry("7.4", Cause.TLS_REQUIRED),
            Map.entry("7.5", Cause.TLS_FAILED));

    private static final Map<String, Cause> OURS = Map.of(
            "3.0", Cause.OWN_TROUBLE,
            "3.1", Cause.QUEUE_FULL,
            "3.2", Cause.QUEUE_FULL);

    /** RFC 5321 §4.2.3, RFC 4954 §6, RFC 7504; where there is no enhanced code. */
    private static final Map<String, Cause> BARE = Map.of(
            "521", Cause.NO_MAIL_ACCEPTED,
            "556", Cause.NO_MAIL_ACCEPTED,
            "530", Cause.AUTHENTICATION_NEEDED,
            "535", Cause.AUTHENTICATION_NEEDED,
            "551", Cause.MOVED,
            "552", Cause.MAILBOX_FULL,
            "553", Cause.BAD_ADDRESS);

    private StatusCodes() {}

    static Optional<Cause> certain(String status) {
        Matcher code = CODE.matcher(status);
        if (!code.matches()) {
            return Optional.empty();
        }
        int detail = Integer.parseInt(code.group(3));
        // Exchange Online: 4.7.500 to 4.7.699 mean "not so fast", 5.7.606 to 5.7.649 a banned address.
        if (code.group(2).equals("7") && code.group(1).equals("4") && detail >= 500 && detail < 700) {
            return Optional.of(Cause.RATE_LIMITED);
        }
        if (code.group(2).equals("7") && detail >= 606 && detail < 650) {
            return Optional.of(Cause.BLOCKED);
        }
        return Optional.ofNullable(CERTAIN.get(code.group(2) + "." + code.group(3)));
    }

    /** When we decided ourselves: our own codes mean what we say. */
    static Cause ours(String status) {
        Matcher code = CODE.matcher(status);
        if (!code.matches()) {
            return Cause.OTHER;
        }
        String rest = code.group(2) + "." + code.group(3);
        return OURS.containsKey(rest) ? OURS.get(rest) : LIKELY.getOrDefault(rest, Cause.OTHER);
    }

    /** When the words of a reply tell nothing. */
    static Cause likely(String status, String reply) {
        Matcher code = CODE.matcher(status);
        String rest = code.matches() ? code.group(2) + "." + code.group(3) : "0.0";
        if (LIKELY.containsKey(rest)) {
            return LIKELY.get(rest);
        }
        String bare = reply.substring(0, Math.min(3, reply.length()));
        if (rest.equals("0.0") && BARE.containsKey(bare)) {
            return BARE.get(bare);
        }
        if (bare.startsWith("4")) {
            return Cause.REMOTE_TROUBLE;
        }
        return switch (rest.charAt(0)) {
            case '1' -> Cause.BAD_ADDRESS;
            case '2' -> Cause.MAILBOX_DISABLED;
            case '3' -> Cause.REMOTE_TROUBLE;
            default -> Cause.REFUSED;
        };
    }
}
