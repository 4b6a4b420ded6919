/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jamesoutgoing.queue.QueueLimits;
import org.jamesoutgoing.settings.ValueType;

/** The limits of a queue one by one, as they can be set at run time; 0 is no limit. */
public enum QueueLimit {
    MAILS("mails"),
    /** In octets. */
    SIZE("size"),
    MAILS_PER_DOMAIN("mailsPerDomain"),
    MAILS_PER_SENDER("mailsPerSender");

    private final String word;

    QueueLimit(String word) {
        this.word = word;
    }

    private ValueType<Long> type() {
        if (this == SIZE) {
            return ValueType.size(0);
        }
        ValueType<Integer> number = ValueType.number(0, Integer.MAX_VALUE);
        return new ValueType<>(number.allowed(), number.reader().andThen(Integer::longValue));
    }

    /** As webadmin and the store call it. */
    public String word() {
        return word;
    }

    public static Optional<QueueLimit> of(String word) {
        return Arrays.stream(values()).filter(limit -> limit.word.equals(word)).findFirst();
    }

    public static List<String> words() {
        return Arrays.stream(values()).map(QueueLimit::word).toList();
    }

    /** @throws org.jamesoutgoing.settings.OptionException naming the limit and what is allowed */
    public long read(String text) {
        return type().read(word, text);
    }

    public long in(QueueLimits limits) {
        return switch (this) {
            case MAILS -> limits.mails();
            case SIZE -> limits.octets();
            case MAILS_PER_DOMAIN -> limits.mailsPerDomain();
            case MAILS_PER_SENDER -> limits.mailsPerSender();
        };
    }

    /** {@code base}, with others where there are any. */
    static QueueLimits over(QueueLimits base, Map<QueueLimit, Long> others) {
        return new QueueLimits(
                others.getOrDefault(MAILS, base.mails()),
                others.getOrDefault(SIZE, base.octets()),
                others.getOrDefault(MAILS_PER_DOMAIN, base.mailsPerDomain()),
                others.getOrDefault(MAILS_PER_SENDER, base.mailsPerSender()));
    }
}
