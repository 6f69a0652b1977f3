/* The least a program can do; what everything else is measured against. */
int main(void)
{
    return 0;
}
