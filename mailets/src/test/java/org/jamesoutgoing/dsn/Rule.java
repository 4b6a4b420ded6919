/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jamesoutgoing.dsn.ParsedDsn.FieldView;

/** What a standard says about one field: whether it must be there, what it looks like. None may be there twice. */
record Rule(String name, boolean required, Pattern value) {
    private static final String DATE = "(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d{1,2}"
            + " (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \\d{4} \\d\\d:\\d\\d:\\d\\d [+-]\\d{4}";
    private static final String MESSAGE_ID = "<[!-;=?-~]+@?[!-;=?-~]*>";
    private static final String ADDRESS =
            "rfc822; [ -~]*[!-~]@[ -~]+|utf-8; (?:[!-*,-<>-\\[\\]-~]|\\\\x\\{[0-9A-F]{2,6}\\})+";

    /** RFC 5322 §3.6, RFC 2045 §4, RFC 3834 §5: ours, and no other. */
    static final List<Rule> MESSAGE_HEADER = List.of(
            required("Date", DATE),
            required("From", "[ -~]*<?[!-;=?-~]+@[!-;=?-~]+>?"),
            optional("Reply-To", "[ -~]*<?[!-;=?-~]+@[!-;=?-~]+>?"),
            required("To", "<[ -~]+@[ -~]+>|undisclosed-recipients:;"),
            required("Subject", "[ -~]+"),
            required("Message-ID", "<[A-Za-z0-9]+@[!-;=?-~]+>"),
            optional("In-Reply-To", MESSAGE_ID),
            optional("References", MESSAGE_ID),
            required("Auto-Submitted", "auto-replied"),
            required("MIME-Version", "1\\.0"),
            required("Content-Type", "multipart/report; report-type=delivery-status; boundary=\"[ -~]{1,70}\""),
            required("Content-Transfer-Encoding", "7bit|8bit"));

    /** RFC 2045 §5, §6, §8. */
    static final List<Rule> PART_HEADER = List.of(
            required("Content-Type", "[a-z]+/[a-z0-9-]+(?:; charset=(?:us-ascii|utf-8)|; boundary=\"[ -~]{1,70}\")?"),
            required("Content-Description", "[ -~]+"),
            required("Content-Transfer-Encoding", "7bit|8bit|quoted-printable"));

    /** RFC 3464 §2.2, in the order of its grammar. */
    static final List<Rule> PER_MESSAGE = List.of(
            optional("Original-Envelope-Id", "[ -~]+"),
            required("Reporting-MTA", "dns; [A-Za-z0-9._\\[\\]:-]+"),
            required("Arrival-Date", DATE));

    /** RFC 3464 §2.3, in the order of its grammar. */
    static final List<Rule> PER_RECIPIENT = List.of(
            optional("Original-Recipient", ADDRESS),
            required("Final-Recipient", ADDRESS),
            required("Action", "failed|delayed|relayed|delivered|expanded"),
            required("Status", "[245]\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})"),
            optional("Remote-MTA", "dns; [!-~][ -~]*"),
            optional("Diagnostic-Code", "smtp; [2-5]\\d\\d(?:[ -][ -~]*)?|X-James-Outgoing; [!-~][ -~]*"),
            required("Last-Attempt-Date", DATE),
            optional("Final-Log-ID", "[ -~]+"),
            optional("Will-Retry-Until", DATE));

    /** RFC 5322 §3.6.4: a DSN about several mails answers none of them, and refers to all. */
    static final List<Rule> MERGED_HEADER = MESSAGE_HEADER.stream()
            .filter(rule -> !rule.name.equals("In-Reply-To"))
            .map(rule -> rule.name.equals("References")
                    ? optional("References", MESSAGE_ID + "(?: " + MESSAGE_ID + "){0,19}")
                    : rule)
            .toList();

    /** RFC 3464 §2.2: only what is true of all mails. */
    static final List<Rule> MERGED_PER_MESSAGE = PER_MESSAGE.stream()
            .map(rule -> new Rule(rule.name, rule.name.equals("Reporting-MTA"), rule.value))
            .toList();

    /** RFC 3464 §2.3 ends with extension fields, §2.1.1 says what their names begin with. */
    static final List<Rule> MERGED_PER_RECIPIENT = Stream.concat(
                    PER_RECIPIENT.stream(),
                    Stream.of(
                            optional("X-Original-Message-ID", MESSAGE_ID),
                            optional("X-Original-Envelope-ID", "[ -~]+")))
            .toList();

    static void hold(List<Rule> rules, List<FieldView> fields) {
        List<String> expected = new ArrayList<>();
        for (Rule rule : rules) {
            List<String> values = fields.stream()
                    .filter(field -> field.name().equals(rule.name))
                    .map(FieldView::value)
                    .toList();
            assertThat(values).as(rule.name).hasSizeBetween(rule.required ? 1 : 0, 1);
            assertThat(values).as(rule.name).allMatch(rule.value.asMatchPredicate());
            values.forEach(present -> expected.add(rule.name));
        }
        assertThat(fields)
                .as("no other field, and in this order")
                .extracting(FieldView::name)
                .containsExactlyElementsOf(expected);
    }

    private static Rule required(String name, String value) {
        return new Rule(name, true, Pattern.compile(value));
    }

    private static Rule optional(String name, String value) {
        return new Rule(name, false, Pattern.compile(value));
    }
}
