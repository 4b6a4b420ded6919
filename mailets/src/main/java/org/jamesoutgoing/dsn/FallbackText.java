/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import java.util.List;
import org.jamesoutgoing.dsn.template.RenderedText;

/** The words when every template fails, ours too: few, but the notification goes out. */
final class FallbackText {
    private static final int LONGEST_LINE = 500;
    private static final int MOST_RECIPIENTS = 100;

    private FallbackText() {}

    static RenderedText of(List<DsnFacts> mails) {
        DsnFacts facts = mails.get(0);
        String what =
                switch (facts.request().kind()) {
                    case FAILURE, QUEUE_FULL -> "Undelivered Mail";
                    case DELAY -> "Delayed Mail (still being retried)";
                    case SUCCESS, EXPANDED -> "Relayed Mail";
                    case DELIVERED -> "Delivered Mail";
                };
        StringBuilder text = new StringBuilder(what + ", reported by " + facts.host() + ":\n\n");
        mails.stream()
                .flatMap(mail -> mail.request().recipients().stream())
                .limit(MOST_RECIPIENTS)
                .forEach(report -> text.append("  ")
                        .append(SafeLine.of(report.address(), LONGEST_LINE))
                        .append("\n      ")
                        .append(SafeLine.of(report.reason(), LONGEST_LINE))
                        .append('\n'));
        return new RenderedText(what, text + "\nSee the second part for details.\n");
    }
}
