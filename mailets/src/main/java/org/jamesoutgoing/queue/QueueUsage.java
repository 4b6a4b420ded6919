/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

/**
 * How much of something there is.
 *
 * @param octets of their messages
 */
public record QueueUsage(long mails, long octets) {

    public static final QueueUsage NOTHING = new QueueUsage(0, 0);

    public QueueUsage plus(QueueUsage other) {
        return new QueueUsage(mails + other.mails, octets + other.octets);
    }
}
