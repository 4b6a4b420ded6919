/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.tryout;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.ReceivedMail;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.Stage;

/** The people at the receiving server: who takes mail, who does so later, who does not exist. Shows what they get. */
final class Recipients {

    /** Shorter than the wait after a first attempt, so that the second one succeeds. */
    static final Duration LATER = Duration.ofSeconds(45);

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private final PrintStream console;
    private final Map<String, Instant> firstAsked = new ConcurrentHashMap<>();
    private final ThreadLocal<String> command = ThreadLocal.withInitial(() -> ""); // of this connection

    Recipients(PrintStream console) {
        this.console = console;
    }

    void joinTo(ReceivingServer receiver) {
        receiver.answer(Stage.RCPT, "<nobody@", Answer.reply("550 5.1.1 There is nobody of this name here"));
        receiver.answer(
                Stage.RCPT, this::notYet, Answer.reply("450 4.2.1 Come back a little later"), Integer.MAX_VALUE);
        receiver.onLine(this::showRefusal);
        receiver.onAccepted(this::show);
    }

    private boolean notYet(String argument) {
        String recipient = argument.toLowerCase(Locale.ROOT);
        if (!recipient.contains("<later")) {
            return false;
        }
        Instant first = firstAsked.computeIfAbsent(recipient, key -> Instant.now());
        boolean wait = Instant.now().isBefore(first.plus(LATER));
        if (!wait) {
            firstAsked.remove(recipient); // the next mail waits anew
        }
        return wait;
    }

    private void showRefusal(String line) {
        if (line.startsWith("C: ")) {
            command.set(line.substring(3));
        } else if (line.matches("S: [45].*") && command.get().startsWith("RCPT")) {
            console.println(now() + "  receiver refused  " + command.get() + "  with  " + line.substring(3));
        }
    }

    private void show(ReceivedMail mail) {
        console.println(
                now() + "  receiver got mail from <" + mail.sender() + "> for " + String.join(", ", mail.recipients()));
        mail.text().lines().forEach(line -> console.println("    | " + line));
    }

    private static String now() {
        return LocalTime.now(ZoneId.systemDefault()).format(TIME);
    }
}
