/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.mail.MessagingException;
import org.apache.james.core.Domain;
import org.apache.james.core.MailAddress;
import org.apache.mailet.AttributeName;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;

/** James's spool, which outlives our process. Thread-safe. */
final class Spool {

    /**
     * A mail that was handed to the spool.
     *
     * @param text the message
     * @param code of the attribute {@code delivery-error-code}
     */
    record Handed(
            String name,
            String state,
            boolean nullSender,
            List<String> recipients,
            String text,
            Optional<Object> error,
            Optional<Object> code,
            Optional<Object> permanent,
            boolean withOurState) {}

    private final List<Handed> handed = new ArrayList<>();
    private volatile Predicate<Mail> refused = any -> false;
    private volatile CountDownLatch slow = new CountDownLatch(0);
    private final AtomicInteger offered = new AtomicInteger();

    void refuse(boolean refusing) {
        refused = any -> refusing;
    }

    /** Only mail to this recipient. */
    void refuseTo(String recipient) {
        refused = mail -> mail.getRecipients().stream()
                .anyMatch(address -> address.asString().equals(recipient));
    }

    /** The next mails wait until {@code gate} is open. */
    void waitFor(CountDownLatch gate) {
        slow = gate;
    }

    /** How many mails have come here, taken or not. */
    int asked() {
        return offered.get();
    }

    synchronized List<Handed> handed() {
        return List.copyOf(handed);
    }

    /** Whether some DSN in the spool says that this recipient failed. */
    boolean toldAbout(String recipient) {
        return handed().stream()
                .anyMatch(mail -> mail.nullSender() && mail.text().contains("Final-Recipient: rfc822; " + recipient));
    }

    long dsns() {
        return handed().stream().filter(Handed::nullSender).count();
    }

    MailetContext asSeenBy(Halt halt) {
        return (MailetContext) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {MailetContext.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("sendMail") && arguments[0] instanceof Mail mail) {
                        if (refused.test(mail)) {
                            throw new MessagingException("the spool refuses");
                        }
                        offered.incrementAndGet();
                        slow.await();
                        halt.step();
                        hand(mail, arguments.length > 1 ? (String) arguments[1] : "root");
                        return null;
                    }
                    if (method.getName().equals("getPostmaster")) {
                        return new MailAddress("postmaster@here.example");
                    }
                    if (method.getName().equals("isLocalServer")) {
                        return arguments[0].equals(Domain.of("here.example"));
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    private synchronized void hand(Mail mail, String state) throws Exception {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        mail.getMessage().writeTo(text);
        handed.add(new Handed(
                mail.getName(),
                state,
                !mail.hasSender(),
                mail.getRecipients().stream().map(MailAddress::asString).collect(Collectors.toList()),
                text.toString(StandardCharsets.UTF_8),
                attribute(mail, "delivery-error"),
                attribute(mail, "delivery-error-code"),
                attribute(mail, "is-delivery-permanent-error"),
                mail.getAttribute(AttributeName.of("outgoing-state")).isPresent()));
    }

    private static Optional<Object> attribute(Mail mail, String name) {
        return mail.getAttribute(AttributeName.of(name))
                .map(attribute -> attribute.getValue().value());
    }
}
