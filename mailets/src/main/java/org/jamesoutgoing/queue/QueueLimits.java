/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

/**
 * How large the queue may grow. 0 is no limit.
 *
 * @param mails in all: queued, active, deferred and held
 * @param octets of their messages in all
 * @param mailsPerDomain to one recipient domain
 * @param mailsPerSender of one sender; {@code <>} has no limit of its own
 */
public record QueueLimits(long mails, long octets, long mailsPerDomain, long mailsPerSender) {

    public static final QueueLimits NONE = new QueueLimits(0, 0, 0, 0);

    public QueueLimits {
        if (mails < 0 || octets < 0 || mailsPerDomain < 0 || mailsPerSender < 0) {
            throw new IllegalArgumentException("a limit of the queue is 0 (none) or more");
        }
    }

    /** Why a mail is not admitted now: the limit that it would exceed. */
    public record Reached(Kind kind, String subject, long limit) {

        public enum Kind {
            MAILS,
            OCTETS,
            DOMAIN,
            SENDER
        }

        /** Whether it is the sender's own doing. */
        public boolean isOfSender() {
            return kind == Kind.SENDER;
        }

        /** One line for people. */
        public String reason() {
            return switch (kind) {
                case MAILS -> "the outgoing queue is full: " + limit + " mails";
                case OCTETS -> "the outgoing queue is full: " + limit + " octets";
                case DOMAIN -> "too many mails wait for " + subject + ": " + limit;
                case SENDER -> "too many mails of " + subject + " wait: " + limit;
            };
        }
    }

    /**
     * How full the queue is: the larger of its two shares, 1 at a limit; 0 when neither mails nor octets are limited. A
     * queue that is full of one domain's or one sender's mail is not full for the others.
     */
    public double fullness(QueueUsage usage) {
        return Math.max(share(usage.mails(), mails), share(usage.octets(), octets));
    }

    /** Limits in all of four fifths of these: below them mail is admitted again that came when the queue was full. */
    public QueueLimits forOverflow() {
        return new QueueLimits(part(mails), part(octets), mailsPerDomain, mailsPerSender);
    }

    private static long part(long limit) {
        return limit == 0 ? 0 : Math.max(1, (long) (limit * FullnessAlarm.NEARLY_FULL));
    }

    private static double share(long used, long limit) {
        return limit == 0 ? 0 : (double) used / limit;
    }
}
