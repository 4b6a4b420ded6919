/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** The answers a {@link ReceivingServer} was told to give. The newest that fits counts; without one it accepts. */
final class ReceivingScript {

    private record Rule(Stage stage, Predicate<String> argument, Answer answer, AtomicInteger left) {}

    private final List<Rule> rules = new CopyOnWriteArrayList<>();

    void add(Stage stage, Predicate<String> argument, Answer answer, int times) {
        rules.add(0, new Rule(stage, argument, answer, new AtomicInteger(times)));
    }

    void clear() {
        rules.clear();
    }

    Answer answer(Stage stage, String argument) {
        for (Iterator<Rule> each = rules.iterator(); each.hasNext(); ) {
            Rule rule = each.next();
            if (rule.stage == stage && rule.argument.test(argument) && takeOne(rule.left)) {
                return rule.answer;
            }
        }
        return Answer.accept();
    }

    private static boolean takeOne(AtomicInteger left) {
        return left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    }

    static Predicate<String> containing(String text) {
        String wanted = text.toLowerCase(Locale.ROOT);
        return argument -> argument.toLowerCase(Locale.ROOT).contains(wanted);
    }
}
