/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.james.core.MailAddress;
import org.jamesoutgoing.queue.ListedMail;

/**
 * How old the mails of each recipient domain are, as Postfix's qshape tells it: each class of ages is twice as wide as the one
 * before it.
 *
 * @param minutes the upper bound of each class but the last, which has none; a mail of exactly that age is in the next one
 * @param total of all mails; one with recipients in several domains counts once
 * @param domains those with most mails first
 */
public record AgeTable(List<Long> minutes, Row total, List<Row> domains) {

    /** Postfix's number of classes. */
    public static final int CLASSES = 10;

    private static final long FIRST_BOUND = 5;

    /** @param mails in all, and in each class of ages */
    public record Row(String name, long mails, List<Long> byAge) {}

    /**
     * @param mails as they wait; those that are accepted in the future are in the first class
     * @param classes 2 to 20
     */
    public static AgeTable of(Iterable<ListedMail> mails, Instant now, int classes) {
        List<Long> minutes = LongStream.iterate(FIRST_BOUND, bound -> bound * 2)
                .limit(classes - 1L)
                .boxed()
                .toList();
        long[] total = new long[classes];
        Map<String, long[]> domains = new HashMap<>();
        for (ListedMail mail : mails) {
            int ageClass = classOf(Duration.between(mail.acceptedAt(), now), minutes);
            total[ageClass]++;
            for (String domain : domainsOf(mail)) {
                domains.computeIfAbsent(domain, any -> new long[classes])[ageClass]++;
            }
        }
        return new AgeTable(
                minutes,
                row("TOTAL", total),
                domains.entrySet().stream()
                        .map(entry -> row(entry.getKey(), entry.getValue()))
                        .sorted(Comparator.comparing(Row::mails).reversed().thenComparing(Row::name))
                        .toList());
    }

    private static int classOf(Duration age, List<Long> minutes) {
        return IntStream.range(0, minutes.size())
                .filter(i -> age.toMinutes() < minutes.get(i))
                .findFirst()
                .orElse(minutes.size());
    }

    private static Set<String> domainsOf(ListedMail mail) {
        Set<String> domains = new HashSet<>();
        for (MailAddress recipient : mail.recipients()) {
            domains.add(recipient.getDomain().asString().toLowerCase(Locale.ROOT));
        }
        return domains;
    }

    private static Row row(String name, long[] counts) {
        return new Row(
                name, Arrays.stream(counts).sum(), Arrays.stream(counts).boxed().toList());
    }

    /** With no more than so many domains. */
    public AgeTable cut(int rows) {
        return new AgeTable(minutes, total, domains.stream().limit(rows).toList());
    }
}
