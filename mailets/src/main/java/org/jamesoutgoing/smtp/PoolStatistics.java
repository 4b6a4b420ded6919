/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

/**
 * A snapshot of the pool.
 *
 * @param open connections now, those being opened and the idle ones included
 * @param idle connections without work
 * @param waiting mails that wait for a connection
 * @param opened connections opened since the client was created, failed tries included
 */
public record PoolStatistics(int open, int idle, int waiting, long opened) {}
