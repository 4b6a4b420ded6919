/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.util.Optional;
import org.apache.james.queue.api.MailPrioritySupport;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;

/**
 * What the attribute {@code MAIL_PRIORITY} of a mail means, and what the setting {@code usePriority} does to it, both as in the
 * James that this runs in.
 *
 * @param used {@code usePriority}. James 3.8: {@code true} gives every mail the highest priority, {@code false} leaves each its
 *     own. Since 3.9: {@code true} leaves each mail its own, {@code false} takes it away. With {@code true}, retries have the
 *     lowest
 */
public record MailPriorities(Scale scale, boolean used) {

    /** On a mail whose {@code MAIL_PRIORITY} has been lowered, that of before, or {@link #NONE}: what other servers are told. */
    private static final AttributeName AS_IT_CAME = AttributeName.of("outgoing-priority");

    private static final AttributeValue<String> NONE = AttributeValue.of("none");

    /**
     * A value that is none, or out of range, counts as not there.
     *
     * @param lowest 0 in James 3.8; since 3.9, −9, and values are those of {@code MT-PRIORITY} (RFC 6710 §5). The highest is 9
     * @param normal that of a mail without one
     */
    public record Scale(int lowest, int normal) {

        /** Read at run time: a constant would be that of the James this was compiled against. */
        public static final Scale OF_THIS_JAMES = new Scale(
                valueOf(MailPrioritySupport.LOW_PRIORITY_ATTRIBUTE).orElseThrow(),
                valueOf(MailPrioritySupport.NORMAL_PRIORITY_ATTRIBUTE).orElseThrow());

        private static Optional<Integer> valueOf(Attribute attribute) {
            return attribute.getValue().valueAs(Integer.class);
        }

        /** Its priority among others. */
        public int of(Mail mail) {
            return on(mail, MailPrioritySupport.MAIL_PRIORITY).orElse(normal);
        }

        private Optional<Integer> on(Mail mail, AttributeName name) {
            return mail.getAttribute(name)
                    .flatMap(Scale::valueOf)
                    .filter(value -> value >= lowest && value <= MailPrioritySupport.HIGH_PRIORITY);
        }

        private boolean isMtPriority() {
            return lowest < 0;
        }
    }

    public static MailPriorities ofThisJames(boolean used) {
        return new MailPriorities(Scale.OF_THIS_JAMES, used);
    }

    /** What {@code usePriority} does to a mail that comes in. */
    void admit(Mail mail) {
        mail.removeAttribute(AS_IT_CAME);
        if (used && !scale.isMtPriority()) {
            mail.setAttribute(MailPrioritySupport.HIGH_PRIORITY_ATTRIBUTE);
        } else if (!used && scale.isMtPriority()) {
            mail.removeAttribute(MailPrioritySupport.MAIL_PRIORITY);
        }
    }

    /** What {@code usePriority} does to a mail that is to be tried again. */
    public void lower(Mail mail) {
        if (used) {
            if (scale.isMtPriority()) {
                mail.setAttribute(new Attribute(
                        AS_IT_CAME,
                        mtPriorityOf(mail)
                                .<AttributeValue<?>>map(AttributeValue::of)
                                .orElse(NONE)));
            }
            mail.setAttribute(new Attribute(MailPrioritySupport.MAIL_PRIORITY, AttributeValue.of(scale.lowest())));
        }
    }

    /**
     * What the next server is told (RFC 6710 §4.1), attempt after attempt the same: that we try again is no reason for that
     * one to let the mail wait. Empty in James 3.8, whose values are its own, and which takes none from clients.
     */
    public Optional<Integer> mtPriorityOf(Mail mail) {
        if (!scale.isMtPriority()) {
            return Optional.empty();
        }
        return mail.getAttribute(AS_IT_CAME).isPresent()
                ? scale.on(mail, AS_IT_CAME)
                : scale.on(mail, MailPrioritySupport.MAIL_PRIORITY);
    }
}
